//! How much each feature counts. Written by `cargo xtask ranking fit`; the order is that of [`super::FEATURES`].

use super::Features;

/// What each doubling of the length of a definition's line costs, over `ln 2`.
pub(super) const COST: f32 = 0.3;

/// Where nothing is known of recent edits.
#[rustfmt::skip]
pub(super) const PLAIN: Features = [
    -2.779, // bias
    5.888, // resolved
    5.842, // guessed
    0.539, // same_class
    0.492, // same_file
    1.106, // member_of_type_in_use
    1.042, // imported_unused
    0.271, // imported_module
    0.216, // same_directory
    2.659, // near
    2.480, // instruction
    -1.308, // instruction_exact
    1.370, // instruction_stem
    1.461, // instruction_path
    1.048, // instruction_container
    0.791, // scope_words
    0.196, // file_uses
    0.108, // class_uses
    -0.123, // directory_uses
    -0.421, // popular
    1.133, // popular_import
    1.267, // neighbours_use
    0.000, // recent_words
    0.000, // recent_file
    0.190, // is_type
    0.147, // is_function
    -0.056, // is_method
    -0.165, // is_field
    -0.025, // is_constant
    -1.114, // private_elsewhere
    0.206, // path_alike
    0.098, // chain_member
    -0.241, // chain_names
    0.856, // signature_member
    1.710, // signature_type
    -0.259, // is_generated
    -1.929, // stands_in_scope
    0.029, // namesakes_use
    2.532, // peers_import
    -1.152, // instruction_here
    2.282, // instruction_around
    2.368, // instruction_in_use
];

/// Where recent edits are known.
#[rustfmt::skip]
pub(super) const WITH_RECENT: Features = [
    -2.846, // bias
    5.959, // resolved
    5.911, // guessed
    0.623, // same_class
    0.519, // same_file
    1.162, // member_of_type_in_use
    1.080, // imported_unused
    0.290, // imported_module
    0.246, // same_directory
    2.638, // near
    2.434, // instruction
    -1.434, // instruction_exact
    1.223, // instruction_stem
    1.100, // instruction_path
    1.052, // instruction_container
    0.778, // scope_words
    0.173, // file_uses
    0.132, // class_uses
    -0.450, // directory_uses
    -0.415, // popular
    1.158, // popular_import
    1.199, // neighbours_use
    1.721, // recent_words
    1.431, // recent_file
    0.146, // is_type
    0.197, // is_function
    -0.053, // is_method
    -0.155, // is_field
    -0.069, // is_constant
    -1.041, // private_elsewhere
    0.189, // path_alike
    0.145, // chain_member
    -0.228, // chain_names
    0.781, // signature_member
    1.443, // signature_type
    -0.546, // is_generated
    -2.023, // stands_in_scope
    0.428, // namesakes_use
    2.441, // peers_import
    -1.032, // instruction_here
    2.452, // instruction_around
    2.433, // instruction_in_use
];
