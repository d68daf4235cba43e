//! How much each feature counts. Written by `cargo xtask ranking fit`; the order is that of [`super::FEATURES`].

use super::Features;

/// What each doubling of the length of a definition's line costs, over `ln 2`.
pub(super) const COST: f32 = 0.3;

/// Where nothing is known of recent edits.
#[rustfmt::skip]
pub(super) const PLAIN: Features = [
    -2.748, // bias
    6.914, // resolved
    6.428, // guessed
    0.624, // same_class
    0.462, // same_file
    1.266, // member_of_type_in_use
    1.319, // imported_unused
    0.397, // imported_module
    0.330, // same_directory
    3.044, // near
    3.092, // instruction
    -1.840, // instruction_exact
    2.099, // instruction_stem
    1.427, // instruction_path
    1.108, // instruction_container
    0.447, // scope_words
    0.219, // file_uses
    0.106, // class_uses
    -0.269, // directory_uses
    -0.500, // popular
    1.625, // popular_import
    0.802, // neighbours_use
    0.000, // recent_words
    0.000, // recent_file
    0.178, // is_type
    0.123, // is_function
    -0.095, // is_method
    -0.088, // is_field
    -0.059, // is_constant
    -1.024, // private_elsewhere
    0.222, // path_alike
    0.227, // chain_member
    -0.523, // chain_names
    0.906, // signature_member
    1.963, // signature_type
    0.000, // is_generated
];

/// Where recent edits are known.
#[rustfmt::skip]
pub(super) const WITH_RECENT: Features = [
    -2.812, // bias
    7.007, // resolved
    6.521, // guessed
    0.716, // same_class
    0.527, // same_file
    1.320, // member_of_type_in_use
    1.367, // imported_unused
    0.433, // imported_module
    0.376, // same_directory
    2.965, // near
    3.084, // instruction
    -1.936, // instruction_exact
    2.057, // instruction_stem
    1.111, // instruction_path
    1.063, // instruction_container
    0.428, // scope_words
    0.178, // file_uses
    0.120, // class_uses
    -0.521, // directory_uses
    -0.483, // popular
    1.643, // popular_import
    0.761, // neighbours_use
    1.628, // recent_words
    1.414, // recent_file
    0.132, // is_type
    0.168, // is_function
    -0.087, // is_method
    -0.081, // is_field
    -0.102, // is_constant
    -0.946, // private_elsewhere
    0.198, // path_alike
    0.251, // chain_member
    -0.520, // chain_names
    0.864, // signature_member
    1.711, // signature_type
    0.000, // is_generated
];
