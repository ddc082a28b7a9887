namespace Culverin.Abi.Types;

// SAFETY: these types only describe what C calls and is called with; nothing is dereferenced here.

/// <summary>
/// Takes bytes that the guest wrote to descriptor 1 or 2; a line may come in several parts. They are valid
/// during the call only.
/// </summary>
internal unsafe delegate void OutputCallback(
    void* user, int descriptor, [Const] byte* bytes, nuint bytesSize);

/// <summary>
/// Takes one line, CULVERIN_LEVEL_INFO or CULVERIN_LEVEL_WARNING, valid during the call only. Lines of a
/// pre-image server come on a thread of the library's.
/// </summary>
internal unsafe delegate void LogCallback(void* user, int level, [Const] sbyte* text);

/// <summary>
/// Finds a pre-image. Sets value and value_size (without length prefix) and returns CULVERIN_OK; the bytes
/// stay the callback's and must stay valid until its next call for the same machine or trace. A value that
/// stays null is an error; a pre-image of no bytes needs a place, too. Returns
/// CULVERIN_E_PREIMAGE_MISSING if there is none, CULVERIN_E_CANCELLED to end the run; any other value
/// becomes CULVERIN_E_PREIMAGE_SERVER. The key has 32 bytes.
/// </summary>
internal unsafe delegate int PreimageCallback(
    void* user, [Const] byte* key, [Const] byte** value, nuint* valueSize);

/// <summary>
/// Takes one hint of the guest, without its length, valid during the call only. Returns CULVERIN_OK when
/// the source has taken note of it, else a status as the pre-image callback does.
/// </summary>
internal unsafe delegate int HintCallback(void* user, [Const] byte* hint, nuint hintSize);

/// <summary>
/// Is told how far a run has come, every few million steps. Returns 0 to go on; any other value ends the run
/// with CULVERIN_E_CANCELLED.
/// </summary>
internal unsafe delegate int ProgressCallback(void* user, ulong step, ulong pageCount);
