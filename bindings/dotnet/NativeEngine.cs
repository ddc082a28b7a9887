using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Culverin.Abi.Types;
using Culverin.Embed;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Trace;
using Culverin.Versions;

namespace Culverin.Native;

/// <summary>
/// The engine in the native library. It is looked for where CULVERIN_LIBRARY says, and else as the runtime
/// looks for any library.
/// </summary>
public sealed unsafe class NativeEngine : IEngine
{
    // SAFETY: addresses handed to the library are of locals or pinned, and live during the call.
    private const uint AllVersions = uint.MaxValue;
    private const uint AbiMajor = 1;
    private const int HashSizeBytes = 32;

    private static readonly Lazy<NativeEngine> Loaded = new(() => new NativeEngine());

    static NativeEngine() => NativeLibrary.SetDllImportResolver(typeof(NativeEngine).Assembly, Resolve);

    private NativeEngine()
    {
        uint major;
        uint minor;
        try
        {
            NativeErrors.Require(NativeMethods.AbiVersion(&major, &minor));
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CulverinException(
                ErrorCode.HostResource,
                "The native library is not there or is damaged; CULVERIN_LIBRARY may name it.",
                error);
        }

        if (major != AbiMajor)
        {
            throw new CulverinException(
                ErrorCode.HostResource,
                $"The native library has interface {major}.{minor}; this package needs {AbiMajor}.");
        }
    }

    /// <summary>The only instance; the first use loads the library.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.HostResource"/>: there is no library, or it has another interface.
    /// </exception>
    public static NativeEngine Instance => Loaded.Value;

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSet> Versions
    {
        get
        {
            var versions = new List<FeatureSet>();
            VersionInfo info;
            info.StructSize = (nuint)sizeof(VersionInfo);
            for (nuint at = 0; NativeMethods.StateVersion(&info, at) == Status.Ok; at++)
            {
                versions.Add(FeatureSet.Of((StateVersion)info.StateVersion));
            }

            return versions;
        }
    }

    /// <inheritdoc/>
    public IEngineMachine LoadState(string path, MachineOptions options) =>
        Load(options, (machine, text, given) =>
            NativeMethods.MachineLoadState(machine, text.Of(path), given));

    /// <inheritdoc/>
    public IEngineMachine LoadState(ReadOnlySpan<byte> content, MachineOptions options)
    {
        fixed (byte* bytes = content)
        {
            byte* source = bytes;
            nuint size = (nuint)content.Length;
            return Load(options, (machine, _, given) =>
                NativeMethods.MachineLoadStateMemory(machine, source, size, given));
        }
    }

    /// <inheritdoc/>
    public IEngineMachine LoadElf(string path, StateVersion version, MachineOptions options) =>
        Load(options, (machine, text, given) =>
            NativeMethods.MachineLoadElf(machine, text.Of(path), (uint)version, given));

    /// <inheritdoc/>
    public IEngineMachine LoadElf(
        ReadOnlySpan<byte> content, StateVersion version, MachineOptions options)
    {
        fixed (byte* bytes = content)
        {
            byte* source = bytes;
            nuint size = (nuint)content.Length;
            return Load(options, (machine, _, given) =>
                NativeMethods.MachineLoadElfMemory(machine, source, size, (uint)version, given));
        }
    }

    /// <inheritdoc/>
    public ITraceIndex OpenTrace(
        string folder, IEngineMachine? first, MachineOptions machine, Trace.TraceOptions options)
    {
        TraceHandle* opened;
        TraceHandle** place = &opened;
        NativeCallbacks callbacks = Connect(machine, (text, given) =>
        {
            Abi.Types.TraceOptions kept = OptionsOf(options, text);
            Abi.Types.TraceOptions* keptPlace = &kept;
            sbyte* name = text.Of(folder);
            switch (first)
            {
                case null:
                    NativeErrors.Require(NativeMethods.TraceOpen(place, name, null, given, keptPlace));
                    break;
                case NativeMachine ours:
                    ours.Use(handle => NativeMethods.TraceOpen(
                        place, name, (MachineHandle*)handle, given, keptPlace));
                    break;
                default:
                    throw new CulverinException(
                        ErrorCode.InvalidArgument,
                        "The first machine of a trace must be of the same engine.");
            }
        });
        return new NativeTrace(new NativeHandle(opened, &FreeTrace, callbacks));
    }

    /// <inheritdoc/>
    public void Verify(StateVersion version, StepProof proof)
    {
        ProofHandle* given = NativeProof.Give(proof);
        try
        {
            NativeErrors.Require(NativeMethods.ProofVerify(given, (uint)version), given);
        }
        finally
        {
            _ = NativeMethods.ProofFree(given);
        }
    }

    /// <inheritdoc/>
    public string Analyze(ReadOnlySpan<byte> elf, StateVersion? version)
    {
        AnalysisHandle* analysis;
        fixed (byte* bytes = elf)
        {
            NativeErrors.Require(NativeMethods.AnalyzeElf(
                &analysis, bytes, (nuint)elf.Length, version is { } one ? (uint)one : AllVersions));
        }

        try
        {
            nuint length;
            _ = NativeMethods.AnalysisJson(analysis, null, 0, &length);
            byte[] json = new byte[length];
            fixed (byte* bytes = json)
            {
                NativeErrors.Require(
                    NativeMethods.AnalysisJson(analysis, bytes, length, &length), analysis);
            }

            return Encoding.UTF8.GetString(json);
        }
        finally
        {
            _ = NativeMethods.AnalysisFree(analysis);
        }
    }

    /// <inheritdoc/>
    public byte[] PrestateHash(string path)
    {
        using var text = new NativeText();
        byte[] hash = new byte[HashSizeBytes];
        fixed (byte* bytes = hash)
        {
            NativeErrors.Require(NativeMethods.PrestateHash(bytes, text.Of(path)));
        }

        return hash;
    }

    /// <inheritdoc/>
    public void SelfTest() => NativeErrors.Require(NativeMethods.Selftest());

    private delegate Status MachineMaker(MachineHandle** machine, NativeText text, Options* options);

    private delegate void ConnectedCall(NativeText text, Options* options);

    private static NativeMachine Load(MachineOptions options, MachineMaker make)
    {
        MachineHandle* machine;
        MachineHandle** place = &machine;
        NativeCallbacks callbacks = Connect(
            options, (text, given) => NativeErrors.Require(make(place, text, given)));
        return new NativeMachine(new NativeHandle(machine, &FreeMachine, callbacks));
    }

    private static NativeCallbacks Connect(MachineOptions machine, ConnectedCall call)
    {
        using var text = new NativeText();
        var callbacks = new NativeCallbacks(machine);
        try
        {
            Options options = callbacks.ToOptions(text);
            call(text, &options);
            return callbacks;
        }
        catch
        {
            callbacks.Dispose();
            throw;
        }
    }

    private static Abi.Types.TraceOptions OptionsOf(Trace.TraceOptions options, NativeText text) => new()
    {
        StructSize = (nuint)sizeof(Abi.Types.TraceOptions),
        InputName = text.Of(options.InputName),
        SpacingSteps = options.SpacingSteps,
        DiskBytesMax = (ulong)options.DiskBytesMax,
        MemoryBytesMax = options.MemoryBytesMax,
        LockTimeoutMilliseconds = (ulong)options.LockWait.TotalMilliseconds,
        Parallelism = (uint)options.Parallelism,
    };

    private static Status FreeMachine(void* handle) => NativeMethods.MachineFree((MachineHandle*)handle);

    private static Status FreeTrace(void* handle) => NativeMethods.TraceFree((TraceHandle*)handle);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == NativeMethods.Library
            && Environment.GetEnvironmentVariable("CULVERIN_LIBRARY") is { Length: > 0 } file
                ? NativeLibrary.Load(file)
                : 0;
}
