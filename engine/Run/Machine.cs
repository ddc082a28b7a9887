using Culverin.Execute;
using Culverin.Files;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Run;

/// <summary>
/// A machine of this runtime, which lets the engine itself see more than an embedder needs.
/// </summary>
/// <remarks>Disposing it disposes its image, and the source that was opened for it.</remarks>
internal abstract class Machine : IEngineMachine
{
    private CancellationTokenSource? _ending;
    private IPreimageOracle? _opened;

    private protected Machine(MachineImage image) => Image = image;

    /// <summary>State and memory; may be saved between runs.</summary>
    public MachineImage Image { get; }

    /// <summary>The rules it runs by.</summary>
    public FeatureSet Features => Image.Features;

    /// <inheritdoc/>
    public abstract ulong Step { get; }

    /// <summary>Whether the guest has ended.</summary>
    public abstract bool Exited { get; }

    /// <summary>The guest's exit code.</summary>
    public abstract byte ExitCode { get; }

    /// <summary>Address of the instruction to execute next.</summary>
    public abstract ulong ProgramCounter { get; }

    /// <summary>Pages of 4096 bytes in the guest's memory.</summary>
    public int PageCount => Image.Memory.PageCount;

    /// <summary>How often the oracle was asked for a pre-image.</summary>
    public abstract ulong PreimageRequestCount { get; }

    /// <summary>Bytes of all pre-images received, with their length prefixes.</summary>
    public abstract ulong PreimageTotalBytes { get; }

    /// <summary>The pre-image read by the last executed step; null if it read none.</summary>
    public abstract PreimageRead? LastPreimageRead { get; }

    /// <summary>
    /// Why ordinary steps are interpreted although machine code was asked for or would be tried; null if they
    /// are not.
    /// </summary>
    public abstract string? TranslatorRefusal { get; }

    /// <summary>Who sees the guest's system calls; null for nobody.</summary>
    public abstract ISyscallObserver? Syscalls { get; set; }

    /// <summary>Signalled when a request that waits for a server is to end, with the server.</summary>
    private protected CancellationTokenSource? Ending => _ending;

    /// <summary>
    /// Makes a machine with the opened source of the options, which stays the caller's; takes the image over.
    /// </summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.HostResource"/> if <see cref="EngineKind.Translator"/> cannot be had.
    /// </exception>
    public static Machine Create(MachineImage image, MachineOptions options) => image switch
    {
        MachineImage<uint> image32 => new LiveMachine<uint>(image32, options),
        MachineImage<ulong> image64 => new LiveMachine<ulong>(image64, options),
        _ => throw new CulverinException(
            ErrorCode.UnsupportedVersion, $"State version {(byte)image.Features.Version} cannot be run."),
    };

    /// <summary>
    /// Makes a machine, and opens for it what the options describe; takes the image over, also when it fails.
    /// </summary>
    /// <exception cref="CulverinException">As <see cref="Create"/>, and what opening throws.</exception>
    public static Machine Open(MachineImage image, MachineOptions options)
    {
        var ending = new CancellationTokenSource();
        IPreimageOracle? opened = null;
        Machine machine;
        try
        {
            MachineOptions read = options.WithSymbolsRead();
            opened = read.OpenPreimages(ending.Token);
            machine = Create(image, read with { Oracle = opened });
        }
        catch
        {
            opened?.Dispose();
            image.Dispose();
            ending.Dispose();
            throw;
        }

        machine._opened = opened;
        machine._ending = ending;
        if (machine.TranslatorRefusal is { } refusal)
        {
            options.Log?.Invoke(EngineLogLevel.Warning, $"Guest code is interpreted: {refusal}.");
        }

        return machine;
    }

    /// <inheritdoc/>
    public MachineSummary Describe()
    {
        PreimageRead? read = LastPreimageRead;
        return new MachineSummary
        {
            Version = Features.Version,
            Step = Step,
            ProgramCounter = ProgramCounter,
            Exited = Exited,
            ExitCode = ExitCode,
            PageCount = PageCount,
            PreimageRequestCount = PreimageRequestCount,
            PreimageTotalBytes = PreimageTotalBytes,
            LastPreimageKey = read?.Key,
            LastPreimageOffset = read?.Offset ?? 0,
        };
    }

    /// <inheritdoc/>
    public abstract StopReason Run(RunLimits limits);

    /// <summary>Runs on until a stop point, a step, or the guest's end.</summary>
    /// <param name="stops">Where to stop; accesses stop the run after their step.</param>
    /// <param name="untilStep">Step counter to stop at.</param>
    /// <param name="passesFirst">Whether a breakpoint at the first step is passed over.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="CulverinException">As <see cref="Run"/>.</exception>
    public abstract MachineStop RunToStop(
        StopPoints stops, ulong untilStep, bool passesFirst, CancellationToken cancellation);

    /// <summary>The watched range whose access stopped the last run; null if none did.</summary>
    public abstract WatchedRange? StoppedBy { get; }

    /// <summary>Executes one step the slow way, which is the specification of all others.</summary>
    public abstract void ExecuteStep();

    /// <inheritdoc/>
    public abstract byte[] Witness();

    /// <summary>The state hash, 32 bytes; the first is the <see cref="MachineStatus"/>.</summary>
    public byte[] StateHash() => State.StateHash.Compute(Witness(), Exited, ExitCode);

    /// <inheritdoc/>
    public StepProof Prove() => Prove(null);

    /// <summary>Executes one step and returns its proof, as somebody looks on.</summary>
    /// <param name="onlooker">Told of each memory access before it changes anything; null for nobody.</param>
    public abstract StepProof Prove(IMemoryObserver? onlooker);

    /// <summary>
    /// Takes the hashes of all dirty pages as known, after somebody has replaced the image's state.
    /// </summary>
    public abstract void Adopt(PageRoots known);

    /// <inheritdoc/>
    public void Save(string path) => StateFile.Write(path, Image);

    /// <inheritdoc/>
    public void FinishPreimages() => _opened?.Shutdown();

    /// <inheritdoc/>
    public void Dispose()
    {
        _opened?.Dispose();
        Release();
        Image.Dispose();
        _ending?.Dispose();
    }

    /// <summary>Releases what runs the image.</summary>
    private protected abstract void Release();
}
