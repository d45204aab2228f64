//! The errors that Entra is known to give, by number: one row each.
//!
//! The number is for people, who search for it. What a client must go by is `error` and
//! `suberror`; both are as Microsoft's documents and recorded answers have them where they are
//! known, and of the right class where they are not.

/// Where in a sign-in an error shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum At {
    /// In the answer to an authorization request.
    Authorize,
    /// In the answer to a device authorization request.
    Device,
    /// In the answer to a poll of a device.
    Poll,
    /// In the answer to a refresh.
    Refresh,
    /// In the answer to a token request at a sign-in.
    Token,
}

impl At {
    /// Every place and its name.
    pub(super) const ALL: [(&'static str, Self); 5] = [
        ("authorize", Self::Authorize),
        ("device", Self::Device),
        ("poll", Self::Poll),
        ("refresh", Self::Refresh),
        ("token", Self::Token),
    ];
}

/// One error.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Row {
    pub(super) code: u32,
    pub(super) error: &'static str,
    pub(super) at: At,
    pub(super) text: &'static str,
}

/// Finds an error by its number.
pub(super) fn find(code: u32) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.code == code)
}

/// What some errors say beside `error`.
pub(super) fn suberror(code: u32) -> Option<&'static str> {
    match code {
        50_072 | 50_074 | 50_076 | 50_078 | 50_079 | 50_158 => Some("basic_action"),
        50_097 | 50_129 | 50_155 | 50_187 => Some("device_authentication_failed"),
        50_055 | 50_144 => Some("user_password_expired"),
        50_132 | 50_133 | 50_173 | 70_000 => Some("bad_token"),
        70_008 | 700_082 | 700_084 | 70_043 => Some("token_expired"),
        53_000 | 53_001 | 53_010 | 53_011 | 50_105 => Some("additional_action"),
        53_002 => Some("protection_policy_required"),
        53_003 | 53_004 | 530_032 | 530_035 | 530_084 => Some("message_only"),
        65_001 => Some("consent_required"),
        700_003 => Some("client_mismatch"),
        _ => None,
    }
}

/// The HTTP status; everything but a few is 400.
pub(super) fn status(row: &Row) -> u16 {
    match (row.code, row.error) {
        (90_055, _) => 429,
        (_, "invalid_client") => 401,
        (_, "temporarily_unavailable" | "server_error") => 503,
        _ => 400,
    }
}

/// Whether an answer carries claims for the next sign-in.
pub(super) fn has_claims(code: u32) -> bool {
    matches!(code, 50_076 | 50_079 | 50_158 | 53_000 | 53_001 | 53_003)
}

const fn row(code: u32, error: &'static str, at: At, text: &'static str) -> Row {
    Row {
        code,
        error,
        at,
        text,
    }
}

use At::{Authorize as A, Device as D, Poll as P, Refresh as R, Token as T};

const IR: &str = "interaction_required";
const LR: &str = "login_required";
const IG: &str = "invalid_grant";
const IC: &str = "invalid_client";
const UC: &str = "unauthorized_client";
const IQ: &str = "invalid_request";
const IS: &str = "invalid_scope";
const IX: &str = "invalid_resource";
const AD: &str = "access_denied";
const TU: &str = "temporarily_unavailable";
const SE: &str = "server_error";

/// Every error there is here.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(16_000, IR, A, "Either multiple user identities are available for the current request or the selected account is not supported for the scenario."),
    row(50_001, IX, A, "The resource principal named api://orders was not found in the tenant named Contoso."),
    row(500_011, IX, A, "The resource principal named api://orders was not found in the tenant named Contoso."),
    row(50_011, IQ, A, "The redirect URI specified in the request does not match the redirect URIs configured for the application."),
    row(50_012, IC, T, "Authentication failed."),
    row(50_013, IG, T, "Assertion failed signature validation."),
    row(500_133, IG, T, "Assertion is not within its valid time range."),
    row(50_020, IG, R, "User account from identity provider does not exist in tenant and cannot access the application in that tenant."),
    row(500_208, IQ, A, "The domain is not a valid login domain for the account type."),
    row(500_212, AD, A, "The user's administrator has set an outbound access policy that does not allow access to the resource tenant."),
    row(500_213, AD, A, "The resource tenant's cross-tenant access policy does not allow this user to access this tenant."),
    row(50_027, IG, T, "JWT token is invalid or malformed."),
    row(50_033, TU, R, "A transient error has occurred. Please try again."),
    row(50_034, IG, T, "The user account does not exist in the directory."),
    row(50_053, IG, T, "The account is locked because the user tried to sign in too many times with an incorrect user ID or password."),
    row(50_055, IG, R, "The password is expired."),
    row(50_144, IG, R, "The user's Active Directory password has expired."),
    row(50_056, IG, T, "Invalid or null password: password does not exist in the directory for this user."),
    row(50_057, IG, R, "The user account is disabled."),
    row(50_058, LR, A, "A silent sign-in request was sent but no user is signed in."),
    row(50_059, IQ, T, "No tenant-identifying information found in either the request or implied by any provided credentials."),
    row(50_072, IR, R, "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication."),
    row(50_079, IR, R, "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource."),
    row(50_074, IR, R, "Strong Authentication is required."),
    row(50_076, IR, R, "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource."),
    row(50_078, IR, R, "Presented multi-factor authentication has expired due to policies configured by your administrator."),
    row(50_085, IG, R, "Refresh token needs social IDP login."),
    row(50_089, IG, T, "Authentication failed due to flow token expired."),
    row(50_097, IR, R, "Device authentication is required."),
    row(50_129, IR, R, "Device is not workplace joined."),
    row(50_155, IR, R, "Device authentication failed for this user."),
    row(50_187, IR, R, "The service failed to perform device authentication."),
    row(50_105, AD, A, "Your administrator has configured the application to block users unless they are specifically granted access to it."),
    row(50_126, IG, T, "Error validating credentials due to invalid username or password."),
    row(50_128, IQ, T, "Invalid domain name: no tenant-identifying information found."),
    row(50_131, IR, R, "Device is not in required device state, or the request was blocked due to suspicious activity, access policy, or security policy decisions."),
    row(50_132, IG, R, "The session is not valid due to the password expiration or recent password change."),
    row(50_133, IG, R, "Session is invalid due to expiration or recent password change."),
    row(50_173, IG, R, "The provided grant has expired due to it being revoked, a fresh auth token is needed."),
    row(50_134, IG, P, "Wrong data center. The device code has to be redeemed where it was made."),
    row(50_140, IR, A, "This error occurred due to 'Keep me signed in' interrupt when the user was signing in."),
    row(50_199, IR, A, "For security reasons, user confirmation is required for this request."),
    row(50_143, IQ, A, "Session mismatch: session is invalid because user tenant does not match the domain hint."),
    row(50_146, IQ, T, "This application is required to be configured with an application-specific signing key."),
    row(50_147, IQ, A, "Invalid size of code challenge parameter."),
    row(501_481, IG, T, "The Code_Verifier does not match the code_challenge supplied in the authorization request."),
    row(501_491, IQ, T, "Invalid size of Code_Verifier parameter."),
    row(50_158, IR, R, "External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges."),
    row(50_161, IG, T, "Failed to validate authorization url of external claims provider."),
    row(50_163, IG, T, "The regular expression of a claims transformation failed."),
    row(50_192, IQ, A, "Invalid request."),
    row(50_194, IQ, A, "Application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant."),
    row(50_196, IG, R, "The server terminated an operation because it encountered a client request loop. Please contact your app vendor."),
    row(500_021, AD, A, "Access to the tenant is denied by a tenant restriction of the network proxy."),
    row(500_022, AD, A, "Access to the tenant is denied: the tenant restriction header is set and the tenant is not on its list."),
    row(51_004, IG, T, "The user account does not exist in the directory."),
    row(53_000, IR, R, "Device is not in required device state: compliant. Conditional Access policy requires a compliant device."),
    row(53_001, IR, R, "Device is not in required device state: domain_joined."),
    row(53_002, IG, R, "Application used is not an approved application for Conditional Access."),
    row(53_003, IG, R, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."),
    row(53_004, IG, R, "Proof up is blocked because suspicious activity was detected."),
    row(53_010, IG, R, "Proof up is blocked because the user has to register in a trusted location."),
    row(53_011, IG, R, "User blocked due to risk on home tenant."),
    row(530_032, IG, R, "Blocked by tenant security policy."),
    row(530_035, IG, R, "Access has been blocked by security defaults."),
    row(530_084, IG, R, "Access has been blocked by Conditional Access token protection policy: the token is not bound to the device."),
    row(54_005, IG, T, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."),
    row(65_001, IR, R, "The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource."),
    row(65_002, IG, R, "Consent between first party application and first party resource must be configured via preauthorization."),
    row(65_004, AD, A, "User declined to consent to access the app."),
    row(65_005, IC, A, "The application needs access to a service that your organization has not subscribed to or enabled."),
    row(650_052, IC, A, "The app needs access to a service that your organization has not subscribed to or enabled."),
    row(650_053, IC, A, "The application asked for scope 'Orders.Read' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'."),
    row(650_056, IC, A, "Misconfigured application."),
    row(650_057, IX, R, "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration."),
    row(70_000, IG, R, "Provided grant is invalid or malformed."),
    row(70_001, UC, A, "Application was not found in the directory."),
    row(700_016, UC, A, "Application was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."),
    row(7_000_112, UC, T, "Application is disabled."),
    row(70_002, IC, T, "Error validating credentials: the client secret is wrong."),
    row(7_000_215, IC, T, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to the app."),
    row(7_000_222, IC, T, "The provided client secret keys for the app are expired."),
    row(700_003, IG, R, "Device object was not found in the tenant directory."),
    row(700_005, IG, T, "Provided Authorization Code is intended to use against other tenant, thus rejected."),
    row(70_003, "unsupported_grant_type", T, "The app requested an unsupported grant type."),
    row(70_004, IQ, A, "The app returned an invalid redirect URI."),
    row(70_005, "unsupported_response_type", A, "The app returned an unsupported response type: the response type is not enabled for the app."),
    row(70_007, IQ, A, "'unsupported' is not a supported value for 'response_mode' when requesting a token."),
    row(700_054, "unsupported_response_type", A, "response_type 'id_token' is not enabled for the application."),
    row(70_008, IG, T, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource."),
    row(700_082, IG, R, "The refresh token has expired due to inactivity. The token was issued on 2026-08-01T08:00:00.0000000Z and was inactive for 90.00:00:00."),
    row(700_084, IG, R, "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can't be extended."),
    row(70_043, IG, R, "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access."),
    row(70_011, IS, A, "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid."),
    row(70_012, SE, R, "A server error occurred while authenticating an MSA (consumer) user."),
    row(70_016, "authorization_pending", P, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."),
    row(70_018, "bad_verification_code", P, "Invalid verification code due to User typing in wrong user code for device code flow."),
    row(70_019, "expired_token", P, "Verification code expired."),
    row(70_020, "expired_token", P, "The provided value for the input parameter 'device_code' is not valid. This device code has expired."),
    row(700_020, IR, R, "Interaction required."),
    row(70_021, IC, T, "No matching federated identity record found for presented assertion."),
    row(700_211, IC, T, "No matching federated identity record found for presented assertion issuer 'https://token.practice.example'."),
    row(700_212, IC, T, "No matching federated identity record found for presented assertion audience 'api://AzureADTokenExchange'."),
    row(700_213, IC, T, "No matching federated identity record found for presented assertion subject 'repo:contoso/orders:ref:refs/heads/main'."),
    row(7_002_137, IC, T, "The presented assertion subject has an unsupported form."),
    row(7_002_138, IC, T, "No matching federated identity record found: the presented assertion subject differs in case."),
    row(28_000, IQ, T, "Provided value for the input parameter scope is not valid because it contains more than one resource."),
    row(700_022, IQ, T, "Invalid multiple resources scope: the scope contains permissions of more than one resource."),
    row(700_023, IC, T, "Client assertion audience claim does not match Realm issuer."),
    row(700_024, IC, T, "Client assertion is not within its valid time range. Current time: 2026-11-23T12:10:00.0000000Z, assertion valid from 2026-11-23T12:00:00.0000000Z, expiry time of assertion 2026-11-23T12:05:00.0000000Z."),
    row(700_027, IC, T, "The certificate with identifier used to sign the client assertion is not registered on application."),
    row(700_030, IC, T, "Invalid certificate: subject name in certificate is not authorized."),
    row(700_025, IC, T, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."),
    row(7_000_114, IC, T, "Application is not allowed to make application on-behalf-of calls."),
    row(7_000_218, IC, T, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."),
    row(700_229, IC, T, "The token is not an application token and cannot be used for Federated Identity Credential scenarios."),
    row(80_013, SE, T, "The authentication attempt could not be completed due to time skew between the machine running the authentication agent and AD."),
    row(90_002, IQ, A, "Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."),
    row(90_006, TU, R, "The service is temporarily unavailable."),
    row(90_024, TU, R, "The request budget was exceeded: a transient error has occurred. Please try again."),
    row(90_033, TU, R, "A transient error has occurred. Please try again."),
    row(90_055, TU, R, "The server terminated an operation because it encountered too many requests."),
    row(90_009, IQ, T, "Application is requesting a token for itself. This scenario is supported only if resource is specified using the GUID based App Identifier."),
    row(90_014, IQ, T, "The required field 'scope' is missing from the credential."),
    row(900_144, IQ, T, "The request body must contain the following parameter: 'scope'."),
    row(90_019, IQ, A, "No tenant-identifying information found in either the request or implied by any provided credentials."),
    row(90_023, IQ, T, "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type."),
    row(9_002_326, IQ, T, "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'."),
    row(9_002_327, IQ, T, "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests."),
    row(9_002_325, IQ, A, "Proof Key for Code Exchange is required for cross-origin authorization code redemption."),
    row(90_036, SE, A, "An unexpected, non-retryable error from the directory has occurred."),
    row(9_002_313, IQ, A, "Invalid request. Request is malformed or invalid."),
    row(90_038, IQ, A, "Tenant is in another national cloud: the request has to go to that cloud's authority."),
    row(900_382, IQ, A, "Confidential Client is not supported in Cross Cloud request."),
    row(900_432, IQ, A, "Confidential Client is not supported in Cross Cloud request: use the authority of the application's cloud."),
    row(90_056, IQ, A, "The endpoint only accepts POST requests. Received a GET request."),
    row(900_561, IQ, A, "The endpoint only accepts POST requests. Received a GET request."),
    row(90_072, IG, R, "User account from identity provider does not exist in tenant. The account needs to be added as an external user in the tenant first."),
    row(90_090, TU, R, "Graph permission read failed."),
    row(90_094, AD, A, "Admin consent is required for the permissions requested by this application."),
    row(90_095, AD, A, "Admin consent is required for the permissions requested by this application: a request was sent to the admins."),
    row(900_971, IQ, A, "No reply address provided."),
    row(901_002, IQ, A, "The 'resource' request parameter is not supported."),
    row(9_010_010, IQ, A, "The resource parameter provided in the request doesn't match with the requested scopes."),
    row(9_001_023, IQ, T, "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint."),
    row(9_002_332, IQ, A, "Application is configured for use by Azure Active Directory users only. Please do not use the /consumers endpoint to serve this request."),
    row(90_124, IQ, A, "The resource is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint."),
    row(90_130, IQ, A, "The application is not supported over the /common or /consumers endpoints."),
    row(90_119, IQ, D, "The user code is null or empty."),
    row(90_120, IG, P, "The flow state of the device code is not valid."),
    row(135_011, IG, R, "Device used during the authentication is disabled."),
    row(1_002_012, IS, T, "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."),
    row(230_109, SE, T, "The backend of the federated identity provider gave an error."),
    row(40_008, SE, T, "OAuth2 identity provider error: the provider's answer could not be read."),
    row(40_009, IG, T, "The refresh of the external provider's token failed: the provider refused it."),
    row(40_010, TU, T, "The external OAuth2 identity provider is temporarily unavailable."),
    row(40_015, SE, T, "The external OAuth2 identity provider refused the authorization code."),
    row(1_000_031, SE, A, "The application cannot be accessed at this time. Contact your administrator."),
];
