using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Culverin.Analyze;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Prove;
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
    public IEngineMachine LoadState(string path, EngineSettings settings) =>
        MachineOf(StateFile.Read(path), settings);

    /// <inheritdoc/>
    public IEngineMachine LoadState(ReadOnlySpan<byte> content, EngineSettings settings) =>
        MachineOf(StateFile.Read(content), settings);

    /// <inheritdoc/>
    public IEngineMachine LoadElf(string path, StateVersion version, EngineSettings settings) =>
        LoadElf(ElfFile.Read(path), version, settings);

    /// <inheritdoc/>
    public IEngineMachine LoadElf(
        ReadOnlySpan<byte> content, StateVersion version, EngineSettings settings) =>
        LoadElf(ElfFile.Parse(content.ToArray()), version, settings);

    /// <inheritdoc/>
    public ITraceIndex OpenTrace(
        string folder, IEngineMachine? first, EngineSettings settings, TraceOptions options)
    {
        TraceOptions connected = options with
        {
            Machine = new MachineOptions
            {
                Output = settings.Output,
                Symbols = SymbolsOf(settings),
                Engine = settings.Engine,
            },
            Source = () => settings.OpenPreimages(CancellationToken.None),
        };
        return first switch
        {
            null => TraceIndex.Open(folder, connected),
            ManagedMachine machine => TraceIndex.Create(folder, machine.Image, connected),
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
        using Machine machine = Machine.Create(StateFile.Read(path), new MachineOptions());
        return machine.StateHash();
    }

    /// <inheritdoc/>
    public void SelfTest() => KnownAnswers.Check(this);

    private static ManagedMachine LoadElf(ElfFile elf, StateVersion version, EngineSettings settings) =>
        new(Loader.Load(elf, version), new SymbolTable(elf.Symbols), settings);

    private static ManagedMachine MachineOf(MachineImage image, EngineSettings settings)
    {
        try
        {
            return new ManagedMachine(image, SymbolsOf(settings), settings);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static SymbolTable SymbolsOf(EngineSettings settings) =>
        settings.MetaPath is { } path ? MetaFile.Read(path) : SymbolTable.Empty;
}
