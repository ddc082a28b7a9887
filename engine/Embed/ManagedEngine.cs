using Culverin.Analyze;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Trace;
using Culverin.Versions;

namespace Culverin.Embed;

/// <summary>The engine in this runtime.</summary>
public sealed class ManagedEngine : IEngine
{
    private ManagedEngine()
    {
    }

    /// <summary>The only instance.</summary>
    public static ManagedEngine Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSet> Versions => FeatureSet.All;

    /// <inheritdoc/>
    public IEngineMachine LoadState(string path, MachineOptions options) =>
        Machine.Open(StateFile.Read(path), options);

    /// <inheritdoc/>
    public IEngineMachine LoadState(ReadOnlySpan<byte> content, MachineOptions options) =>
        Machine.Open(StateFile.Read(content), options);

    /// <inheritdoc/>
    public IEngineMachine LoadElf(string path, StateVersion version, MachineOptions options) =>
        LoadElf(ElfFile.Read(path), version, options);

    /// <inheritdoc/>
    public IEngineMachine LoadElf(
        ReadOnlySpan<byte> content, StateVersion version, MachineOptions options) =>
        LoadElf(ElfFile.Parse(content.ToArray()), version, options);

    /// <inheritdoc/>
    public ITraceIndex OpenTrace(
        string folder, IEngineMachine? first, MachineOptions machine, TraceOptions options)
    {
        TraceOptions connected = options with
        {
            Machine = machine.WithSymbolsRead(),
            Source = () => machine.OpenPreimages(CancellationToken.None),
        };
        return first switch
        {
            null => TraceIndex.Open(folder, connected),
            Machine ours => TraceIndex.Create(folder, ours.Image, connected),
            _ => throw new CulverinException(
                ErrorCode.InvalidArgument, "The first machine of a trace must be of the same engine."),
        };
    }

    /// <inheritdoc/>
    public void Verify(StateVersion version, StepProof proof) => new StepVerifier(version).Verify(proof);

    /// <inheritdoc/>
    public string Analyze(ReadOnlySpan<byte> elf, StateVersion? version)
    {
        ElfFile program = ElfFile.Parse(elf.ToArray());
        IEnumerable<FeatureSet> versions = version is { } one ? [FeatureSet.Of(one)] : FeatureSet.All;
        return AnalysisJson.Write([.. versions.Select(each => GuestAnalyzer.Analyze(program, each))]);
    }

    /// <inheritdoc/>
    public byte[] PrestateHash(string path)
    {
        using MachineImage image = StateFile.Read(path);
        return Commitment.Of(image).Hash;
    }

    /// <inheritdoc/>
    public void SelfTest() => KnownAnswers.Check(this);

    private static Machine LoadElf(ElfFile elf, StateVersion version, MachineOptions options) =>
        Machine.Open(
            Loader.Load(elf, version),
            options with { Symbols = new SymbolTable(elf.Symbols), MetaPath = null });
}
