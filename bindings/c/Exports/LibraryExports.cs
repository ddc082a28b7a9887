using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Culverin.Abi.Types;
using Culverin.Embed;
using Culverin.Versions;

namespace Culverin.Abi.Exports;

// SAFETY: pointers come from C; Boundary and Arguments refuse null and look handles up, and the rest is the
// header's contract.

/// <summary>The library</summary>
internal static unsafe class LibraryExports
{
    private const string Version = "0.1.0";

    /// <summary>
    /// The version of this interface: a program made with CULVERIN_ABI_MAJOR works with a library of the
    /// same major number and an equal or higher minor one.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_abi_version", CallConvs = [typeof(CallConvCdecl)])]
    public static Status AbiVersion(uint* major, uint* minor) => Boundary.Call(() =>
    {
        Arguments.Require(major, nameof(major));
        Arguments.Require(minor, nameof(minor));
        *major = AbiVersions.Major;
        *minor = AbiVersions.Minor;
        return Status.Ok;
    });

    /// <summary>The library's own version as text, such as "0.1.0".</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_version", CallConvs = [typeof(CallConvCdecl)])]
    public static Status LibraryVersion(sbyte* text, nuint textSize, nuint* textLength) =>
        Boundary.Call(() => Arguments.ReturnText(text, textSize, textLength, Version));

    /// <summary>
    /// Runs recorded programs, compares their ends with the reference's, proves a step and checks the proof:
    /// some milliseconds. CULVERIN_E_HOST_RESOURCE if anything comes out wrong. Any thread.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_selftest", CallConvs = [typeof(CallConvCdecl)])]
    public static Status SelfTest() => Boundary.Call(() =>
    {
        ManagedEngine.Instance.SelfTest();
        return Status.Ok;
    });

    /// <summary>
    /// What the last failed call on a handle had to say, as a sentence; the text is copied, the handle stays
    /// usable. With null: what the last failed call of this thread had to say that had no handle, such as
    /// one that should have made one or was given a bad one.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_message", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Message([Const] void* handle, sbyte* text, nuint textSize, nuint* textLength)
    {
        string? message = handle is null
            ? Boundary.ThreadMessage
            : HandleTable.Find((nint)handle)?.Message;
        return message is null
            ? Boundary.Misuse("The handle is freed, or none.")
            : Boundary.Tell(message, text, textSize, textLength);
    }

    /// <summary>
    /// Describes the state version with an index from 0 on, in ascending order; CULVERIN_E_INVALID_ARGUMENT
    /// behind the last.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_state_version", CallConvs = [typeof(CallConvCdecl)])]
    public static Status StateVersionAt(VersionInfo* info, nuint index) => Boundary.Call(() =>
    {
        if (index >= (nuint)FeatureSet.All.Count)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, $"There are {FeatureSet.All.Count} state versions.");
        }

        FeatureSet features = FeatureSet.All[(int)index];
        var value = new VersionInfo
        {
            StateVersion = (uint)features.Version,
            WordBits = (uint)features.WordBits,
        };
        for (int at = 0; at < features.Name.Length; at++)
        {
            value.Name[at] = (sbyte)features.Name[at];
        }

        Arguments.Return(info, value, nameof(info));
        return Status.Ok;
    });

    /// <summary>
    /// The hash of a state file, 32 bytes: what a game's contract names as its absolute prestate.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_prestate_hash", CallConvs = [typeof(CallConvCdecl)])]
    public static Status PrestateHash(byte* hash, [Const] sbyte* path) => Boundary.Call(() =>
    {
        Arguments.Require(hash, nameof(hash));
        Arguments.ReturnHash(
            hash, ManagedEngine.Instance.PrestateHash(Arguments.Text(path, nameof(path))));
        return Status.Ok;
    });

    /// <summary>Makes a cancel token. The caller frees it by culverin_cancel_free.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_cancel_create", CallConvs = [typeof(CallConvCdecl)])]
    public static Status CancelCreate(CancelHandle** cancel) =>
        Boundary.Create((void**)cancel, () => new CancelObject());

    /// <summary>
    /// Ends all runs that use the token, now and later, within milliseconds. Safe from any thread, but not
    /// from a signal handler.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_cancel_request", CallConvs = [typeof(CallConvCdecl)])]
    public static Status CancelRequest(CancelHandle* cancel) =>
        Boundary.Use<CancelObject>(cancel, target =>
        {
            target.Request();
            return Status.Ok;
        });

    /// <summary>Frees a token; runs that use it go on without. Null is nothing to do.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_cancel_free", CallConvs = [typeof(CallConvCdecl)])]
    public static Status CancelFree(CancelHandle* cancel) => Boundary.Free<CancelObject>(cancel);
}
