using Culverin.Harness.Values;

namespace Culverin.OnChain.Tests;

/// <summary>A step on which contract and engine are known to differ, and what each must say.</summary>
/// <param name="Kind">Which of the differences.</param>
/// <param name="EngineHash">What the engine must say; null when it must refuse the state.</param>
/// <param name="ContractHash">What the contract must say.</param>
internal sealed record KnownDifference(DifferenceKind Kind, Bytes32? EngineHash, Bytes32 ContractHash);

/// <summary>
/// Steps among thousands on which a contract differs from its version. Both answers are worked out here, by
/// rules of their own, so that a test holds each side to exactly what it must say; any further difference is
/// an error. Differences of malformed witnesses are shown by hand-made steps only.
/// </summary>
internal static class KnownDifferences
{
    private const ulong MmapNumber = 4090;
    private const uint HeapEnd = 0x6000_0000;
    private const uint InvalidArgument = 0x16;
    private const ulong WordMask = ~7UL;

    private static readonly Rule[] Rules =
    [
        new("MIPS 1.0.1", DifferenceKind.ExitedByte, (before, _) => ExitedByte(before)),
        new("MIPS 1.0.1", DifferenceKind.SravAmount, (before, _) => Srav(before)),
        new("MIPS 1.0.1", DifferenceKind.MmapEnd, (before, _) => Mmap(before)),
        new("MIPS64 1.7.0", DifferenceKind.ReservedGetrandom, ReservedGetrandom),
    ];

    private delegate Ends? Finder(StepWitness before, byte[]? after);

    /// <summary>
    /// Finds the difference that a step is, if its proofs fit and it does not panic; null for all others.
    /// </summary>
    /// <param name="contract">The contract.</param>
    /// <param name="before">The state before the step, with its proofs.</param>
    /// <param name="after">
    /// The engine's witness after it; null where it is not at hand, and differences that build on it are then
    /// not found.
    /// </param>
    public static KnownDifference? Find(DeployedContract contract, StepWitness before, byte[]? after) => Rules
        .Where(rule => rule.Contract == contract.Name)
        .Select(rule => rule.Find(before, after) is { } ends
            ? new KnownDifference(rule.Kind, ends.Engine, ends.Contract)
            : null)
        .FirstOrDefault(found => found is not null);

    private static Ends? ExitedByte(StepWitness before) =>
        before.Exited > 1 ? new Ends(null, before.RunningHash()) : null;

    // The contract shifts by the whole register, and a shift by 32 or more leaves 0.
    private static Ends? Srav(StepWitness before)
    {
        if (!Executes(before) || (before.Instruction & 0xFC00_003F) != 0x07)
        {
            return null;
        }

        uint amount = (uint)before.Register(before.Rs);
        int target = before.Rd;
        uint masked = (uint)((int)before.Register(before.Rt) >> (int)(amount & 31));
        return amount < 32 || target == 0 || masked == 0
            ? null
            : new Ends(
                before.Copy().Advance().WithRegister(target, masked).RunningHash(),
                before.Copy().Advance().WithRegister(target, 0).RunningHash());
    }

    // The contract knows no end of the heap, and lets both the rounded size and the sum wrap.
    private static Ends? Mmap(StepWitness before)
    {
        if (!Executes(before) || !before.IsSyscall
            || before.Register(2) != MmapNumber || before.Register(4) != 0)
        {
            return null;
        }

        uint size = (uint)before.Register(5);
        uint start = (uint)before.Heap;
        uint rounded = unchecked((size + 4095) / 4096 * 4096);
        ulong exactEnd = start + (((ulong)size + 4095) / 4096 * 4096);
        StepWitness next = before.Copy().Advance();
        return exactEnd <= HeapEnd
            ? null
            : new Ends(
                next.Copy().WithRegister(2, uint.MaxValue).WithRegister(7, InvalidArgument).RunningHash(),
                next.Copy()
                    .WithHeap(unchecked(start + rounded))
                    .WithRegister(2, start)
                    .WithRegister(7, 0)
                    .RunningHash());
    }

    // The contract keeps the reservation of the word that it writes to; the reference ends it.
    private static Ends? ReservedGetrandom(StepWitness before, byte[]? after)
    {
        bool isGetrandom = before.Idle is null && before.IsSyscall
            && before.Register(2) == Mips64Contract.Getrandom;
        bool isReserved = ((before.ReservedAddress ^ before.Register(4)) & WordMask) == 0
            && before.Reservation.ContainsAnyExcept((byte)0);
        if (after is null || !isGetrandom || !isReserved)
        {
            return null;
        }

        StepWitness ended = new(before.Layout, after, before.Proof);
        StepWitness kept = ended.Copy();
        before.Reservation.CopyTo(kept.Reservation);
        return new Ends(ended.RunningHash(), kept.RunningHash());
    }

    private static bool Executes(StepWitness before) => before.Idle is null && (before.Pc & 3) == 0;

    private sealed record Ends(Bytes32? Engine, Bytes32 Contract);

    private sealed record Rule(string Contract, DifferenceKind Kind, Finder Find);
}
