use culverin_sys as sys;
use std::ffi::{c_void, CString};
use std::fmt;
use std::os::raw::c_char;

/// What the library refused: a code of culverin.h, such as `CULVERIN_E_GUEST_PANIC`, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub code: i32,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (error {})", self.message, self.code)
    }
}

impl std::error::Error for Error {}

/// A status as a result; the message is the handle's.
pub(crate) fn check(status: i32, handle: *const c_void) -> Result<()> {
    if status == sys::CULVERIN_OK {
        return Ok(());
    }
    let source = if status == sys::CULVERIN_E_MISUSE { std::ptr::null() } else { handle };
    let mut text = vec![0u8; 1024];
    let mut length = 0;
    // SAFETY: the buffer is as long as is told.
    while unsafe { sys::culverin_message(source, text.as_mut_ptr() as *mut c_char, text.len(), &mut length) }
        == sys::CULVERIN_E_BUFFER_TOO_SMALL
    {
        text.resize(length + 1, 0);
    }
    text.truncate(length);
    Err(Error { code: status, message: String::from_utf8_lossy(&text).into_owned() })
}

/// Calls twice: for the length, then for the content.
pub(crate) fn bytes(
    handle: *const c_void,
    call: impl Fn(*mut u8, usize, *mut usize) -> i32,
) -> Result<Vec<u8>> {
    let mut length = 0;
    let status = call(std::ptr::null_mut(), 0, &mut length);
    if status != sys::CULVERIN_E_BUFFER_TOO_SMALL {
        check(status, handle)?;
    }
    let mut content = vec![0; length];
    if length > 0 {
        check(call(content.as_mut_ptr(), content.len(), &mut length), handle)?;
    }
    Ok(content)
}

/// A string for C.
pub(crate) fn text(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error {
        code: sys::CULVERIN_E_INVALID_ARGUMENT,
        message: "A text contains a zero character.".into(),
    })
}
