//! How much each feature counts. Written by `cargo xtask ranking fit`; the order is that of [`super::FEATURES`].

use super::Features;

/// What each doubling of the length of a definition's line costs, over `ln 2`.
pub(super) const COST: f32 = 0.3;

/// Where nothing is known of recent edits.
#[rustfmt::skip]
pub(super) const PLAIN: Features = [
    -2.778, // bias
    5.902, // resolved
    5.870, // guessed
    0.545, // same_class
    0.476, // same_file
    1.088, // member_of_type_in_use
    1.065, // imported_unused
    0.249, // imported_module
    0.220, // same_directory
    2.654, // near
    2.525, // instruction
    -1.304, // instruction_exact
    1.323, // instruction_stem
    1.453, // instruction_path
    1.068, // instruction_container
    0.857, // scope_words
    0.197, // file_uses
    0.114, // class_uses
    -0.113, // directory_uses
    -0.438, // popular
    1.115, // popular_import
    1.237, // neighbours_use
    0.000, // recent_words
    0.000, // recent_file
    0.187, // is_type
    0.138, // is_function
    -0.071, // is_method
    -0.142, // is_field
    -0.042, // is_constant
    -1.128, // private_elsewhere
    0.207, // path_alike
    0.149, // chain_member
    -0.371, // chain_names
    0.859, // signature_member
    1.709, // signature_type
    -0.113, // is_generated
    -1.798, // stands_in_scope
    -0.096, // namesakes_use
    2.587, // peers_import
    -1.177, // instruction_here
    2.339, // instruction_around
    2.322, // instruction_in_use
];

/// Where recent edits are known.
#[rustfmt::skip]
pub(super) const WITH_RECENT: Features = [
    -2.845, // bias
    5.973, // resolved
    5.935, // guessed
    0.626, // same_class
    0.508, // same_file
    1.143, // member_of_type_in_use
    1.103, // imported_unused
    0.266, // imported_module
    0.252, // same_directory
    2.634, // near
    2.475, // instruction
    -1.434, // instruction_exact
    1.177, // instruction_stem
    1.094, // instruction_path
    1.066, // instruction_container
    0.838, // scope_words
    0.176, // file_uses
    0.136, // class_uses
    -0.436, // directory_uses
    -0.433, // popular
    1.138, // popular_import
    1.177, // neighbours_use
    1.722, // recent_words
    1.429, // recent_file
    0.143, // is_type
    0.187, // is_function
    -0.065, // is_method
    -0.134, // is_field
    -0.086, // is_constant
    -1.058, // private_elsewhere
    0.187, // path_alike
    0.218, // chain_member
    -0.361, // chain_names
    0.775, // signature_member
    1.435, // signature_type
    -0.444, // is_generated
    -1.916, // stands_in_scope
    0.316, // namesakes_use
    2.490, // peers_import
    -1.068, // instruction_here
    2.514, // instruction_around
    2.368, // instruction_in_use
];
