//! One whole review in a real Helix, in a terminal of its own, without any plugin.
