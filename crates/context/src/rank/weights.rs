//! How much each feature counts. Written by `cargo xtask ranking fit`; the order is that of [`super::FEATURES`].

use super::Features;

/// What each doubling of the length of a definition's line costs, over `ln 2`.
pub(super) const COST: f32 = 0.3;

/// Where nothing is known of recent edits.
#[rustfmt::skip]
pub(super) const PLAIN: Features = [
    -2.775, // bias
    5.873, // resolved
    5.789, // guessed
    0.541, // same_class
    0.496, // same_file
    1.107, // member_of_type_in_use
    1.093, // imported_unused
    0.257, // imported_module
    0.215, // same_directory
    2.643, // near
    2.530, // instruction
    -1.300, // instruction_exact
    1.265, // instruction_stem
    1.523, // instruction_path
    1.008, // instruction_container
    0.872, // scope_words
    0.183, // file_uses
    0.110, // class_uses
    -0.122, // directory_uses
    -0.402, // popular
    1.064, // popular_import
    1.264, // neighbours_use
    0.000, // recent_words
    0.000, // recent_file
    0.191, // is_type
    0.114, // is_function
    -0.076, // is_method
    -0.121, // is_field
    -0.079, // is_constant
    -1.128, // private_elsewhere
    0.200, // path_alike
    0.104, // chain_member
    -0.267, // chain_names
    0.839, // signature_member
    1.676, // signature_type
    -0.060, // is_generated
    -1.883, // stands_in_scope
    -0.101, // namesakes_use
    2.631, // peers_import
    -1.131, // instruction_here
    2.330, // instruction_around
    2.391, // instruction_in_use
];

/// Where recent edits are known.
#[rustfmt::skip]
pub(super) const WITH_RECENT: Features = [
    -2.841, // bias
    5.943, // resolved
    5.860, // guessed
    0.619, // same_class
    0.528, // same_file
    1.163, // member_of_type_in_use
    1.129, // imported_unused
    0.276, // imported_module
    0.243, // same_directory
    2.622, // near
    2.516, // instruction
    -1.423, // instruction_exact
    1.082, // instruction_stem
    1.158, // instruction_path
    1.019, // instruction_container
    0.852, // scope_words
    0.158, // file_uses
    0.137, // class_uses
    -0.440, // directory_uses
    -0.404, // popular
    1.095, // popular_import
    1.204, // neighbours_use
    1.709, // recent_words
    1.436, // recent_file
    0.147, // is_type
    0.164, // is_function
    -0.070, // is_method
    -0.115, // is_field
    -0.121, // is_constant
    -1.058, // private_elsewhere
    0.182, // path_alike
    0.150, // chain_member
    -0.249, // chain_names
    0.765, // signature_member
    1.414, // signature_type
    -0.397, // is_generated
    -2.002, // stands_in_scope
    0.314, // namesakes_use
    2.532, // peers_import
    -1.026, // instruction_here
    2.516, // instruction_around
    2.455, // instruction_in_use
];
