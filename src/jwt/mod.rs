//! Tokens as the standards write them, pure: no keys are fetched and no clock is read here.
