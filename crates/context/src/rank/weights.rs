//! How much each feature counts. Written by `cargo xtask ranking fit`; the order is that of [`super::FEATURES`].

use super::Features;

/// What each doubling of the length of a definition's line costs, over `ln 2`.
pub(super) const COST: f32 = 0.3;

/// Where nothing is known of recent edits.
#[rustfmt::skip]
pub(super) const PLAIN: Features = [
    -2.894, // bias
    6.028, // resolved
    5.938, // guessed
    0.639, // same_class
    0.354, // same_file
    1.153, // member_of_type_in_use
    1.031, // imported_unused
    0.226, // imported_module
    0.278, // same_directory
    2.649, // near
    2.749, // instruction
    -1.264, // instruction_exact
    1.057, // instruction_stem
    1.398, // instruction_path
    0.988, // instruction_container
    0.788, // scope_words
    0.141, // file_uses
    0.082, // class_uses
    -0.278, // directory_uses
    -0.991, // popular
    1.072, // popular_import
    1.123, // neighbours_use
    0.000, // recent_words
    0.000, // recent_file
    0.233, // is_type
    0.146, // is_function
    -0.058, // is_method
    -0.187, // is_field
    -0.092, // is_constant
    -0.961, // private_elsewhere
    0.188, // path_alike
    0.208, // chain_member
    -0.470, // chain_names
    0.792, // signature_member
    1.692, // signature_type
    -0.183, // is_generated
    -1.800, // stands_in_scope
    0.088, // namesakes_use
    2.432, // peers_import
    -1.105, // instruction_here
    2.089, // instruction_around
    2.479, // instruction_in_use
    1.415, // commit_words
    0.298, // commit_file
];

/// Where recent edits are known.
#[rustfmt::skip]
pub(super) const WITH_RECENT: Features = [
    -2.939, // bias
    6.063, // resolved
    5.973, // guessed
    0.705, // same_class
    0.398, // same_file
    1.200, // member_of_type_in_use
    1.062, // imported_unused
    0.250, // imported_module
    0.305, // same_directory
    2.629, // near
    2.722, // instruction
    -1.365, // instruction_exact
    0.913, // instruction_stem
    1.110, // instruction_path
    0.993, // instruction_container
    0.780, // scope_words
    0.127, // file_uses
    0.104, // class_uses
    -0.521, // directory_uses
    -0.956, // popular
    1.095, // popular_import
    1.089, // neighbours_use
    1.496, // recent_words
    1.302, // recent_file
    0.195, // is_type
    0.188, // is_function
    -0.061, // is_method
    -0.175, // is_field
    -0.115, // is_constant
    -0.915, // private_elsewhere
    0.171, // path_alike
    0.270, // chain_member
    -0.454, // chain_names
    0.722, // signature_member
    1.490, // signature_type
    -0.418, // is_generated
    -1.917, // stands_in_scope
    0.395, // namesakes_use
    2.337, // peers_import
    -1.001, // instruction_here
    2.269, // instruction_around
    2.518, // instruction_in_use
    1.308, // commit_words
    0.235, // commit_file
];
