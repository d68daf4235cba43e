//! Files on disk under hunks that wait, for an editor that watches none.

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use e2e::{Model, answer};

use crate::review::Editor;

const CODE: &str = "def total(a):\n    # ai: name the result\n    x = a\n    print(a)\n    return x\n";
const ANSWER: &str = "```python\ndef total(a):\n    result = a\n    print(a)\n    return result\n```\n";

fn told(editor: &mut Editor) -> String {
    let message = editor.client.incoming_notification("window/showMessage");
    message["message"].as_str().unwrap_or_default().to_owned()
}

/// Another program that writes a file. The hunks are shown before the file is watched, so it writes until it is stopped.
struct Another {
    stop: Sender<()>,
    writes: JoinHandle<()>,
}

fn writes(path: PathBuf, text: &'static str) -> Another {
    let (stop, stopped) = channel();
    let writes = std::thread::spawn(move || {
        loop {
            std::fs::write(&path, text).expect("a file in the workspace");
            // Longer than the server waits for a file to be quiet.
            if stopped.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    });
    Another { stop, writes }
}

impl Another {
    fn stop(self) {
        drop(self.stop);
        self.writes.join().expect("it wrote");
    }
}

#[test]
fn a_file_that_another_program_changes_is_told_and_its_hunks_stay() {
    let model = Model::new(vec![answer(&["name the result"], ANSWER)]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.ask(2);
    let another = writes(editor.file(), "# another text\n");
    assert!(told(&mut editor).contains("shop.py changed on disk under pending hunks"));
    another.stop();
    std::fs::remove_file(editor.file()).expect("a file in the workspace");
    assert!(told(&mut editor).contains("shop.py is gone from disk with 2 hunks pending"));
    editor.act("    x = a", "Accept hunk 1/2");
    editor.pending(1);
    assert_eq!(editor.text(), CODE.replace("    # ai: name the result\n", "").replace("x = a", "result = a"));
    editor.close();
}
