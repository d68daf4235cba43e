//! The transport with a toy service: what a real client and a hostile one can do to it over a pipe.

mod client;
mod ends;
mod frames;
mod load;
mod order;
mod panics;
mod toy;

/// How much more than usual the counted tests do.
fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}
