using System.Text;
using Culverin.Abi.Types;
using Culverin.Execute;
using Culverin.Run;

namespace Culverin.Abi;

// SAFETY: callbacks are the caller's functions, and valid with their user pointers while the handle that
// they were given to is in use; that is the header's contract. Bytes are pinned while they are called.

/// <summary>Hands the guest's output to C.</summary>
internal sealed unsafe class OutputAdapter(
    delegate* unmanaged[Cdecl]<void*, int, byte*, nuint, void> callback, void* user) : IGuestOutput
{
    private readonly delegate* unmanaged[Cdecl]<void*, int, byte*, nuint, void> _callback = callback;
    private readonly void* _user = user;

    /// <inheritdoc/>
    public void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            _callback(_user, descriptor, start, (nuint)bytes.Length);
        }
    }
}

/// <summary>Hands log lines to C, from several threads one at a time, until it is closed.</summary>
internal sealed unsafe class LogAdapter(
    delegate* unmanaged[Cdecl]<void*, int, sbyte*, void> callback, void* user)
{
    private readonly Lock _gate = new();
    private readonly delegate* unmanaged[Cdecl]<void*, int, sbyte*, void> _callback = callback;
    private readonly void* _user = user;
    private bool _isClosed;

    /// <summary>Hands one over.</summary>
    public void Write(EngineLogLevel level, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + '\0');
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            fixed (byte* start = bytes)
            {
                _callback(_user, (int)level, (sbyte*)start);
            }
        }
    }

    /// <summary>Waits for a call under way; there is none after it.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }
}

/// <summary>Asks C for pre-images.</summary>
internal sealed unsafe class PreimageAdapter(
    delegate* unmanaged[Cdecl]<void*, byte*, byte**, nuint*, int> preimage,
    void* preimageUser,
    delegate* unmanaged[Cdecl]<void*, byte*, nuint, int> hint,
    void* hintUser)
{
    private readonly delegate* unmanaged[Cdecl]<void*, byte*, byte**, nuint*, int> _preimage = preimage;
    private readonly void* _preimageUser = preimageUser;
    private readonly delegate* unmanaged[Cdecl]<void*, byte*, nuint, int> _hint = hint;
    private readonly void* _hintUser = hintUser;

    /// <summary>Asks; null if there is none.</summary>
    public byte[]? GetPreimage(ReadOnlySpan<byte> key)
    {
        byte* value = null;
        nuint size = 0;
        fixed (byte* start = key)
        {
            var status = (Status)_preimage(_preimageUser, start, &value, &size);
            if (status == Status.PreimageMissing)
            {
                return null;
            }

            Require(status, "pre-image");
        }

        if (value is null)
        {
            throw new CulverinException(
                ErrorCode.PreimageServer,
                "The pre-image callback returned CULVERIN_OK but told no place of its bytes.");
        }

        if (size > int.MaxValue)
        {
            throw new CulverinException(
                ErrorCode.PreimageServer, $"The pre-image callback gave {size} bytes, too many to hold.");
        }

        return new ReadOnlySpan<byte>(value, (int)size).ToArray();
    }

    /// <summary>Hands a hint over.</summary>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        if (_hint is null)
        {
            return;
        }

        fixed (byte* start = payload)
        {
            Require((Status)_hint(_hintUser, start, (nuint)payload.Length), "hint");
        }
    }

    private static void Require(Status status, string what)
    {
        if (status != Status.Ok)
        {
            throw new CulverinException(
                status == Status.Cancelled ? ErrorCode.Cancelled : ErrorCode.PreimageServer,
                $"The {what} callback returned {(int)status}.");
        }
    }
}

/// <summary>Tells C how far a run has come; may end it.</summary>
internal sealed unsafe class ProgressAdapter(
    delegate* unmanaged[Cdecl]<void*, ulong, ulong, int> callback, void* user)
    : IProgress<MachineProgress>, IProgress<Trace.TraceProgress>
{
    private readonly delegate* unmanaged[Cdecl]<void*, ulong, ulong, int> _callback = callback;
    private readonly void* _user = user;

    /// <inheritdoc/>
    public void Report(MachineProgress value) => Report(value.Step, value.PageCount);

    /// <inheritdoc/>
    public void Report(Trace.TraceProgress value) => Report(value.Step, value.PageCount);

    private void Report(ulong step, int pageCount)
    {
        if (_callback(_user, step, (ulong)pageCount) != 0)
        {
            throw new CulverinException(
                ErrorCode.Cancelled, $"The progress callback ended the run at step {step}.");
        }
    }
}
