//! The standards' messages, built and read (RFC 6749, 7636, 8414, 8628, 9207), pure.
