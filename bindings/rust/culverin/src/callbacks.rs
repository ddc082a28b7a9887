use crate::error::{self, Result};
use culverin_sys as sys;
use std::any::Any;
use std::ffi::{c_void, CString};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};

type Output = Box<dyn FnMut(i32, &[u8]) + Send>;
type Preimage = Box<dyn FnMut(&[u8; 32]) -> Option<Vec<u8>> + Send>;
type Hint = Box<dyn FnMut(&[u8]) + Send>;

/// What a machine or a trace is connected to. Pre-images come from the first that is set of: callback,
/// server, folder, recording.
#[derive(Default)]
pub struct Options {
    /// Takes what the guest writes: descriptor and bytes.
    pub output: Option<Output>,
    /// Finds a pre-image by its key.
    pub preimage: Option<Preimage>,
    /// Takes hints, together with `preimage`.
    pub hint: Option<Hint>,
    /// A pre-image server's program and arguments.
    pub server: Vec<String>,
    /// A folder with one file a key.
    pub folder: Option<String>,
    /// A recording to answer from.
    pub replay: Option<String>,
    /// Where a machine's pre-images are recorded.
    pub record: Option<String>,
    /// Symbols for a state file.
    pub meta: Option<String>,
    /// Do without machine code.
    pub interpret: bool,
}

/// The callbacks of a handle; lives, at one place, until after the handle.
#[derive(Default)]
pub(crate) struct Callbacks {
    output: Option<Output>,
    preimage: Option<Preimage>,
    hint: Option<Hint>,
    value: Vec<u8>,
    panic: Option<Box<dyn Any + Send>>,
}

impl Callbacks {
    /// Goes on with a callback's panic, after the call that ran it.
    pub(crate) fn check(&mut self) {
        if let Some(panic) = self.panic.take() {
            resume_unwind(panic);
        }
    }

    fn guard(&mut self, body: impl FnOnce(&mut Self) -> i32) -> i32 {
        match catch_unwind(AssertUnwindSafe(|| body(self))) {
            Ok(status) => status,
            Err(panic) => {
                self.panic = Some(panic);
                sys::CULVERIN_E_PREIMAGE_SERVER
            }
        }
    }
}

/// Makes the options of C, hands them to a call, and returns the callbacks that must outlive its result.
pub(crate) fn connect(
    options: Options,
    call: impl FnOnce(*const sys::culverin_options) -> Result<()>,
) -> Result<Box<Callbacks>> {
    let words = options.server.iter().map(|word| error::text(word)).collect::<Result<Vec<CString>>>()?;
    let pointers: Vec<_> = words.iter().map(|word| word.as_ptr()).collect();
    let paths = [options.folder, options.replay, options.record, options.meta]
        .iter()
        .map(|path| path.as_deref().map(error::text).transpose())
        .collect::<Result<Vec<Option<CString>>>>()?;
    let path = |at: usize| paths[at].as_ref().map_or(std::ptr::null(), |path| path.as_ptr());
    let mut callbacks = Box::new(Callbacks {
        output: options.output,
        preimage: options.preimage,
        hint: options.hint,
        ..Default::default()
    });
    let user = &mut *callbacks as *mut Callbacks as *mut c_void;
    let given = sys::culverin_options {
        struct_size: std::mem::size_of::<sys::culverin_options>(),
        engine: if options.interpret { sys::CULVERIN_ENGINE_INTERPRETER } else { sys::CULVERIN_ENGINE_AUTO },
        flags: 0,
        meta_path: path(3),
        output: callbacks.output.as_ref().map(|_| on_output as sys::culverin_output_fn),
        output_user: user,
        log: None,
        log_user: std::ptr::null_mut(),
        preimage: callbacks.preimage.as_ref().map(|_| on_preimage as sys::culverin_preimage_fn),
        preimage_user: user,
        hint: callbacks.hint.as_ref().map(|_| on_hint as sys::culverin_hint_fn),
        hint_user: user,
        server_command: if pointers.is_empty() { std::ptr::null() } else { pointers.as_ptr() },
        server_command_count: pointers.len(),
        folder_path: path(0),
        replay_path: path(1),
        record_path: path(2),
        preimage_bytes_max: 0,
        answer_timeout_milliseconds: 0,
    };
    call(&given)?;
    Ok(callbacks)
}

// SAFETY of the three: user is the box made above, which one call at a time uses; addresses are valid for
// the sizes that come with them.

unsafe extern "C" fn on_output(user: *mut c_void, descriptor: i32, bytes: *const u8, size: usize) {
    (*(user as *mut Callbacks)).guard(|own| {
        own.output.as_mut().unwrap()(descriptor, slice(bytes, size));
        sys::CULVERIN_OK
    });
}

unsafe extern "C" fn on_preimage(
    user: *mut c_void,
    key: *const u8,
    value: *mut *const u8,
    size: *mut usize,
) -> i32 {
    (*(user as *mut Callbacks)).guard(|own| {
        match own.preimage.as_mut().unwrap()(&*(key as *const [u8; 32])) {
            None => sys::CULVERIN_E_PREIMAGE_MISSING,
            Some(found) => {
                own.value = found;
                *value = own.value.as_ptr();
                *size = own.value.len();
                sys::CULVERIN_OK
            }
        }
    })
}

unsafe extern "C" fn on_hint(user: *mut c_void, hint: *const u8, size: usize) -> i32 {
    (*(user as *mut Callbacks)).guard(|own| {
        own.hint.as_mut().unwrap()(slice(hint, size));
        sys::CULVERIN_OK
    })
}

unsafe fn slice<'a>(bytes: *const u8, size: usize) -> &'a [u8] {
    if size == 0 {
        &[]
    } else {
        std::slice::from_raw_parts(bytes, size)
    }
}
