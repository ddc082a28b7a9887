using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Culverin.Abi.Types;
using Culverin.Run;

namespace Culverin.Native;

/// <summary>
/// The callbacks of a machine's options as C functions. What they throw does not pass through C: it is kept,
/// and thrown by the call that ran them.
/// </summary>
internal sealed unsafe class NativeCallbacks : IDisposable
{
    // SAFETY: the user pointer is a GC handle that lives until the native handle is freed; addresses that C
    // hands over are valid during the call, and the value handed to C until the next one.
    private const int KeySizeBytes = 32;

    private readonly MachineOptions _machine;
    private GCHandle _self;
    private GCHandle _value;
    private ExceptionDispatchInfo? _thrown;

    /// <summary>Makes them callable.</summary>
    public NativeCallbacks(MachineOptions machine)
    {
        _machine = machine;
        _self = GCHandle.Alloc(this);
    }

    /// <summary>The options that name these callbacks; strings belong to <paramref name="text"/>.</summary>
    public Options ToOptions(NativeText text)
    {
        PreimageSource source = _machine.Preimages;
        void* user = (void*)GCHandle.ToIntPtr(_self);
        bool asksOracle = source.Oracle is not null;
        return new Options
        {
            StructSize = (nuint)sizeof(Options),
            Engine = (int)_machine.Engine,
            Flags = source.Options.VerifyHashes ? 0 : (uint)Flag.UncheckedPreimages,
            MetaPath = text.Of(_machine.MetaPath),
            Output = _machine.Output is null ? null : &OnOutput,
            OutputUser = user,
            Log = _machine.Log is null ? null : &OnLog,
            LogUser = user,
            Preimage = asksOracle ? &OnPreimage : null,
            PreimageUser = user,
            Hint = asksOracle ? &OnHint : null,
            HintUser = user,
            ServerCommand = text.Of(source.ServerCommand),
            ServerCommandCount = (nuint)source.ServerCommand.Count,
            FolderPath = text.Of(source.FolderPath),
            ReplayPath = text.Of(source.ReplayPath),
            RecordPath = text.Of(source.RecordPath),
            PreimageBytesMax = (ulong)source.Options.PreimageBytesMax,
            AnswerTimeoutMilliseconds = (ulong)source.Options.AnswerDeadline.TotalMilliseconds,
        };
    }

    /// <summary>Throws what a callback threw since the last call.</summary>
    public void Rethrow()
    {
        if (_thrown is { } thrown)
        {
            _thrown = null;
            thrown.Throw();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _self.Free();
        if (_value.IsAllocated)
        {
            _value.Free();
        }
    }

    private static NativeCallbacks Of(void* user) =>
        (NativeCallbacks)GCHandle.FromIntPtr((nint)user).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnOutput(void* user, int descriptor, byte* bytes, nuint size) =>
        Of(user).Guard(self =>
        {
            self._machine.Output!.Write(descriptor, new ReadOnlySpan<byte>(bytes, (int)size));
            return Status.Ok;
        });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(void* user, int level, sbyte* text) => Of(user).Guard(self =>
    {
        self._machine.Log!((EngineLogLevel)level, Marshal.PtrToStringUTF8((nint)text) ?? "");
        return Status.Ok;
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnHint(void* user, byte* hint, nuint size) => (int)Of(user).Guard(self =>
    {
        self._machine.Preimages.Oracle!.Hint(new ReadOnlySpan<byte>(hint, (int)size));
        return Status.Ok;
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnPreimage(void* user, byte* key, byte** value, nuint* size) =>
        (int)Of(user).Guard(self =>
        {
            byte[] found = self._machine.Preimages.Oracle!.GetPreimage(
                new ReadOnlySpan<byte>(key, KeySizeBytes));
            if (self._value.IsAllocated)
            {
                self._value.Free();
            }

            self._value = GCHandle.Alloc(found, GCHandleType.Pinned);
            *value = (byte*)self._value.AddrOfPinnedObject();
            *size = (nuint)found.Length;
            return Status.Ok;
        });

    private Status Guard(Func<NativeCallbacks, Status> body)
    {
        try
        {
            return body(this);
        }
        catch (Exception error)
        {
            _thrown = ExceptionDispatchInfo.Capture(error);
            return Status.PreimageServer;
        }
    }
}
