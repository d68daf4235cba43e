//! How much each feature counts. Written by `cargo xtask ranking fit`; the order is that of [`super::FEATURES`].

use super::Features;

/// What each doubling of the length of a definition's line costs, over `ln 2`.
pub(super) const COST: f32 = 0.3;

/// Where nothing is known of recent edits.
pub(super) const PLAIN: Features = [
    -2.92, // bias
    7.54,  // resolved
    4.0,   // guessed
    0.86,  // same_class
    0.37,  // same_file
    1.02,  // member_of_type_in_use
    0.69,  // imported_unused
    0.35,  // imported_module
    0.15,  // same_directory
    2.19,  // near
    3.17,  // instruction
    -1.29, // instruction_exact
    2.90,  // instruction_stem
    1.15,  // instruction_path
    1.63,  // instruction_container
    0.60,  // scope_words
    0.31,  // file_uses
    0.17,  // class_uses
    -0.36, // directory_uses
    -0.45, // popular
    2.61,  // popular_import
    1.17,  // neighbours_use
    3.6,   // recent_words
    0.26,  // recent_file
    0.28,  // is_type
    0.12,  // is_function
    -0.05, // is_method
    -0.14, // is_field
    -0.07, // is_constant
    -0.99, // private_elsewhere
    0.20,  // path_alike
    0.39,  // chain_member
    -1.2,  // chain_names
    1.0,   // signature_member
    2.14,  // signature_type
    -2.0,  // is_generated
];

/// Where recent edits are known.
pub(super) const WITH_RECENT: Features = PLAIN;
