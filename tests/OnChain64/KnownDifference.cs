using System;
using Culverin.Harness.Chain;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// The one instruction-level difference between the deployed contract and the reference's version 8, which
/// the engine follows: a getrandom into a reserved word ends the reservation in the reference, and leaves it
/// in the contract.
/// </summary>
internal static class KnownDifference
{
    private const ulong GetrandomNumber = 5313;
    private const ulong WordMask = ~7UL;
    private const int ReservationBytes = 17;

    /// <summary>
    /// What the contract must say of a step where it differs; null for all other steps.
    /// </summary>
    /// <param name="before">The step.</param>
    /// <param name="after">The engine's witness after it.</param>
    public static Bytes32? ContractHash(ThreadedWitness before, ReadOnlySpan<byte> after)
    {
        ReadOnlySpan<byte> reservation =
            before.State.AsSpan(ThreadedWitness.ReservationOffset, ReservationBytes);
        bool isGetrandom =
            before.Idle is null && before.IsSyscall && before.Register(2) == GetrandomNumber;
        bool isReserved = ((before.ReservedAddress ^ before.Register(4)) & WordMask) == 0;
        if (!isGetrandom || !isReserved || !reservation.ContainsAnyExcept((byte)0))
        {
            return null;
        }

        ThreadedWitness kept = new(after, before.Proof);
        reservation.CopyTo(kept.State.AsSpan(ThreadedWitness.ReservationOffset));
        return kept.RunningHash();
    }
}
