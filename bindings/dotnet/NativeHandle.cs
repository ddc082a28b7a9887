using System.Runtime.InteropServices;
using Culverin.Abi.Types;

namespace Culverin.Native;

/// <summary>
/// A handle of the library's with the callbacks that it may call. Calls hold a reference, so that disposing
/// during one frees after it.
/// </summary>
internal sealed unsafe class NativeHandle : SafeHandle
{
    // SAFETY: the function is the one that culverin.h names for this kind of handle.
    private readonly delegate*<void*, Status> _free;
    private readonly NativeCallbacks? _callbacks;

    /// <summary>Takes a handle over, and the callbacks that it was made with.</summary>
    public NativeHandle(void* handle, delegate*<void*, Status> free, NativeCallbacks? callbacks)
        : base(0, ownsHandle: true)
    {
        _free = free;
        _callbacks = callbacks;
        SetHandle((nint)handle);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Makes a call, which gets the handle, and throws what it or a callback says.</summary>
    public void Call(Func<nint, Status> call)
    {
        bool isHeld = false;
        try
        {
            DangerousAddRef(ref isHeld);
            Status status = call(handle);
            _callbacks?.Rethrow();
            NativeErrors.Require(status, (void*)handle);
        }
        finally
        {
            if (isHeld)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        bool isFreed = _free((void*)handle) == Status.Ok;
        _callbacks?.Dispose();
        return isFreed;
    }
}
