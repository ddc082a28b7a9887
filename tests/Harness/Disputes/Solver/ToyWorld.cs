using System.Buffers.Binary;
using System.Text;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Disputes.Solver;

/// <summary>
/// An L2 and a virtual machine small enough to know everything: outputs are hashes of block numbers, the
/// states of a run its context and a step number. A run about a right output ends as valid, about a wrong
/// one as invalid; one that starts from a wrong output ends as its context wills, and nobody honest runs it.
/// </summary>
internal sealed class ToyWorld : IOutputSource, IStateTraces
{
    internal const ulong StartingBlock = 100;
    private const byte Unfinished = 3;

    private static readonly byte[] FirstState = "the first state"u8.ToArray();

    private readonly Dictionary<Bytes32, (OutputDispute Dispute, ulong Steps)> _runs = [];
    private readonly Dictionary<Bytes32, byte[]> _witnesses = [];
    private readonly int _splitDepth;
    private readonly int _leaves;
    private readonly ulong _claimedBlock;
    private readonly ulong _lastBlock;

    internal ToyWorld(int splitDepth, int executionDepth, ulong claimedBlock, ulong lastBlock)
    {
        _splitDepth = splitDepth;
        _leaves = 1 << executionDepth;
        _claimedBlock = claimedBlock;
        _lastBlock = lastBlock;
    }

    /// <summary>While set, nothing can be known.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>
    /// After so many outputs and states it tells those behind them instead; it counts down.
    /// </summary>
    internal int? AnswersUntilOther { get; set; }

    /// <summary>While set, no run ends within the positions that a game has.</summary>
    internal bool IsEndless { get; set; }

    /// <summary>While set, steps begin with another state than the one that is claimed.</summary>
    internal bool IsConfused { get; set; }

    internal static Bytes32 AbsolutePrestate { get; } = WithStatus(Bytes32.Keccak256(FirstState), Unfinished);

    public Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default)
    {
        RequireVoice();
        return Task.FromResult(Output(block + Shift()));
    }

    public Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default)
    {
        RequireVoice();
        return Task.FromResult(_lastBlock);
    }

    public Task<IStateTrace> OpenAsync(OutputDispute dispute, CancellationToken cancellation = default)
    {
        RequireVoice();
        return IsSound(dispute)
            ? Task.FromResult<IStateTrace>(new Run(this, Register(dispute)))
            : throw new ChainException(ChainFailure.BadAnswer, "The run would start from a wrong output.");
    }

    internal Bytes32 OutputAt(Position position)
    {
        ulong block = StartingBlock + (ulong)position.TraceIndex(_splitDepth) + 1;
        return Output(ulong.Min(ulong.Min(block, _claimedBlock), _lastBlock));
    }

    internal bool IsSound(OutputDispute dispute) => dispute.StartingPosition is { } position
        ? dispute.Starting == OutputAt(position)
        : dispute.Starting == Output(StartingBlock);

    /// <summary>The state after some steps of the run about a dispute.</summary>
    internal Bytes32 StateAt(OutputDispute dispute, ulong step)
    {
        Bytes32 context = Register(dispute);
        return HashOf(Witness(context, step));
    }

    /// <summary>The state that has this hash; null when nobody knows one.</summary>
    internal byte[]? FindWitness(Bytes32 hash) => HashOf(FirstState) == hash
        ? FirstState
        : _witnesses.GetValueOrDefault(hash);

    /// <summary>One step of the machine, as its contract executes it.</summary>
    internal Bytes32 Step(ReadOnlySpan<byte> state, OutputDispute dispute)
    {
        Bytes32 context = Register(dispute);
        ulong step = 0;
        if (!state.SequenceEqual(FirstState))
        {
            context = new Bytes32(state[..Bytes32.SizeBytes]);
            step = BinaryPrimitives.ReadUInt64BigEndian(state[Bytes32.SizeBytes..]);
        }

        return HashOf(Witness(context, step + 1));
    }

    internal static Bytes32 WithStatus(Bytes32 hash, byte status)
    {
        byte[] bytes = hash.ToArray();
        bytes[0] = status;
        return new Bytes32(bytes);
    }

    internal static Bytes32 Output(ulong block) =>
        Bytes32.Keccak256(Encoding.UTF8.GetBytes($"block {block}"));

    private ulong Shift() =>
        AnswersUntilOther is { } left && (AnswersUntilOther = left - 1) < 0 ? 1u : 0u;

    private void RequireVoice()
    {
        if (IsSilent)
        {
            throw new ChainException(ChainFailure.Unreachable, "The node does not answer.");
        }
    }

    private Bytes32 Register(OutputDispute dispute)
    {
        Bytes32 context = dispute.LocalContext();
        ulong steps = 1 + (ulong)(context.ToInteger() % _leaves);
        _runs[context] = (dispute, steps);
        return context;
    }

    private byte[] Witness(Bytes32 context, ulong step)
    {
        byte[] witness = new byte[Bytes32.SizeBytes + sizeof(ulong)];
        context.CopyTo(witness);
        BinaryPrimitives.WriteUInt64BigEndian(
            witness.AsSpan(Bytes32.SizeBytes), ulong.Min(step, _runs[context].Steps));
        _witnesses[HashOf(witness)] = witness;
        return step == 0 ? FirstState : witness;
    }

    private Bytes32 HashOf(ReadOnlySpan<byte> state)
    {
        Bytes32 hash = Bytes32.Keccak256(state);
        if (state.SequenceEqual(FirstState))
        {
            return WithStatus(hash, Unfinished);
        }

        (OutputDispute dispute, ulong steps) = _runs[new Bytes32(state[..Bytes32.SizeBytes])];
        bool isOver = BinaryPrimitives.ReadUInt64BigEndian(state[Bytes32.SizeBytes..]) == steps;
        return WithStatus(hash, isOver && !IsEndless ? Verdict(dispute) : Unfinished);
    }

    private byte Verdict(OutputDispute dispute)
    {
        if (!IsSound(dispute))
        {
            return (byte)(dispute.LocalContext().ToArray()[^1] % 3);
        }

        return dispute.Disputed == OutputAt(dispute.DisputedPosition) ? (byte)0 : (byte)1;
    }

    private sealed class Run(ToyWorld world, Bytes32 context) : IStateTrace
    {
        public Task<Bytes32> PrestateAsync(CancellationToken cancellation = default) =>
            Task.FromResult(AbsolutePrestate);

        public Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
            Task.FromResult(world.HashOf(world.Witness(context, (ulong)traceIndex + 1 + world.Shift())));

        public Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
            Task.FromResult(new StepData(
                world.Witness(context, (ulong)traceIndex + (world.IsConfused ? 1u : 0u)), default, null));
    }
}
