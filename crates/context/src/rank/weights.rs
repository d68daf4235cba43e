//! How much each feature counts. Written by `cargo xtask ranking fit`; the order is that of [`super::FEATURES`].

use super::Features;

/// What each doubling of the length of a definition's line costs, over `ln 2`.
pub(super) const COST: f32 = 0.3;

/// Where nothing is known of recent edits.
#[rustfmt::skip]
pub(super) const PLAIN: Features = [
    -2.765, // bias
    6.362, // resolved
    5.666, // guessed
    0.611, // same_class
    0.525, // same_file
    1.125, // member_of_type_in_use
    1.153, // imported_unused
    0.202, // imported_module
    0.194, // same_directory
    3.246, // near
    2.578, // instruction
    -1.315, // instruction_exact
    1.038, // instruction_stem
    1.556, // instruction_path
    1.040, // instruction_container
    1.024, // scope_words
    0.160, // file_uses
    0.117, // class_uses
    -0.139, // directory_uses
    -0.345, // popular
    0.934, // popular_import
    1.236, // neighbours_use
    0.000, // recent_words
    0.000, // recent_file
    0.204, // is_type
    0.116, // is_function
    -0.109, // is_method
    -0.089, // is_field
    -0.087, // is_constant
    -1.191, // private_elsewhere
    0.174, // path_alike
    0.123, // chain_member
    0.032, // chain_names
    0.820, // signature_member
    1.551, // signature_type
    0.000, // is_generated
    -1.657, // stands_in_scope
    -0.431, // namesakes_use
    2.745, // peers_import
    -1.345, // instruction_here
    2.457, // instruction_around
    2.435, // instruction_in_use
];

/// Where recent edits are known.
#[rustfmt::skip]
pub(super) const WITH_RECENT: Features = [
    -2.829, // bias
    6.442, // resolved
    5.743, // guessed
    0.683, // same_class
    0.576, // same_file
    1.181, // member_of_type_in_use
    1.203, // imported_unused
    0.223, // imported_module
    0.227, // same_directory
    3.175, // near
    2.524, // instruction
    -1.418, // instruction_exact
    0.899, // instruction_stem
    1.198, // instruction_path
    1.053, // instruction_container
    1.008, // scope_words
    0.131, // file_uses
    0.142, // class_uses
    -0.463, // directory_uses
    -0.338, // popular
    0.966, // popular_import
    1.167, // neighbours_use
    1.656, // recent_words
    1.419, // recent_file
    0.159, // is_type
    0.165, // is_function
    -0.106, // is_method
    -0.078, // is_field
    -0.130, // is_constant
    -1.120, // private_elsewhere
    0.156, // path_alike
    0.163, // chain_member
    0.056, // chain_names
    0.753, // signature_member
    1.286, // signature_type
    0.000, // is_generated
    -1.680, // stands_in_scope
    -0.112, // namesakes_use
    2.626, // peers_import
    -1.244, // instruction_here
    2.620, // instruction_around
    2.477, // instruction_in_use
];
