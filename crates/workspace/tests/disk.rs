//! The guarded write: refuses what changed, keeps mode, links and bytes.

use std::fs;

use workspace::{FileText, read_file, write_guarded};

#[test]
fn a_file_is_replaced_byte_by_byte() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a \"b\"\nc.txt");
    let text = "\u{feff}one\r\ntwo\nthree";
    fs::write(&path, text).unwrap();
    let read = read_file(&path).unwrap();
    assert_eq!(read.text, text);
    write_guarded(&path, &read, &text.replace("two", "2")).unwrap();
    assert_eq!(fs::read(&path).unwrap(), "\u{feff}one\r\n2\nthree".as_bytes());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    fs::write(&path, "one").unwrap();
    let read = read_file(&path).unwrap();
    fs::write(&path, "two").unwrap();
    let refused = write_guarded(&path, &read, "three").unwrap_err().to_string();
    assert!(refused.ends_with("changed meanwhile; it was not written"), "{refused}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "two");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn what_is_no_text_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert!(read_file(&path).unwrap_err().to_string().ends_with("not UTF-8"));
    assert!(read_file(dir.path()).unwrap_err().to_string().ends_with("not a regular file"));
    assert!(read_file(&dir.path().join("b")).is_err());
}

#[test]
fn a_deleted_file_is_not_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    assert!(write_guarded(&path, &FileText { text: String::new() }, "x").is_err());
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn mode_and_links_stay() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    let dir = tempfile::tempdir().unwrap();
    let (path, soft, hard) = (dir.path().join("a"), dir.path().join("soft"), dir.path().join("hard"));
    fs::write(&path, "one").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o754)).unwrap();
    symlink(&path, &soft).unwrap();
    write_guarded(&soft, &read_file(&soft).unwrap(), "two").unwrap();
    assert!(fs::symlink_metadata(&soft).unwrap().file_type().is_symlink());
    assert_eq!(
        (fs::read_to_string(&path).unwrap().as_str(), fs::metadata(&path).unwrap().mode() & 0o777),
        ("two", 0o754)
    );
    fs::hard_link(&path, &hard).unwrap();
    write_guarded(&path, &read_file(&path).unwrap(), "three").unwrap();
    assert_eq!(fs::read_to_string(&hard).unwrap(), "three");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let refused = write_guarded(&path, &read_file(&path).unwrap(), "four").unwrap_err().to_string();
    assert!(refused.ends_with("is read-only; it was not written"), "{refused}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
}
