//! What the user wrote: profiles and where each value came from, pure.
