//! End-to-end tests: drives the real server over a pipe.
