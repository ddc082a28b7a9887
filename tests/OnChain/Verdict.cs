using System;
using Culverin.Execute;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Isa;
using Culverin.Prove;

namespace Culverin.OnChain.Tests;

/// <summary>What an executor of ours says of a step: the hash after it, or why it refuses.</summary>
/// <param name="Hash">The hash; null when refused.</param>
/// <param name="Refusal">Why it refuses; null when it accepts.</param>
/// <param name="Trap">The panic, when that is the reason.</param>
internal sealed record Verdict(Bytes32? Hash, ErrorCode? Refusal, TrapReason Trap)
{
    private const string BadProof = "0x000000000000000000000000000000000000000000000000000000000badf00d";
    private const string NoPreimage = "pre-image must exist";

    /// <summary>Runs an executor that returns a hash of 32 bytes or throws.</summary>
    public static Verdict Of(Func<byte[]> execute)
    {
        try
        {
            return new Verdict(new Bytes32(execute()), null, TrapReason.None);
        }
        catch (GuestPanicException panic)
        {
            return new Verdict(null, panic.Code, panic.Reason);
        }
        catch (CulverinException error)
        {
            return new Verdict(null, error.Code, TrapReason.None);
        }
    }

    /// <summary>The twin's verdict.</summary>
    public static Verdict OfTwin(StepVerifier twin, StepCall call, OracleData? oracle) =>
        Of(() => twin.Execute(call.StateData.Span, call.ProofData.ToArray(), oracle));

    /// <summary>
    /// Whether the contract says the same: the same hash, or a revert whose reason belongs to our refusal.
    /// </summary>
    public bool Agrees(StepOutcome outcome)
    {
        if (Hash is { } hash)
        {
            return outcome.PostHash == hash;
        }

        if (outcome.Revert is not { } revert)
        {
            return false;
        }

        return Trap switch
        {
            TrapReason.UnalignedProgramCounter => revert.Data.IsEmpty,
            TrapReason.InvalidInstruction => revert.Text == "invalid instruction",
            TrapReason.DivisionByZero => revert.Text == "MIPS: division by zero",
            TrapReason.BranchInDelaySlot =>
                revert.Text is "jump in delay slot" or "branch in delay slot",
            TrapReason.PreimageOffsetOutOfRange => revert.Text == NoPreimage,
            TrapReason.None => Refusal == ErrorCode.ProofRejected
                && (Harness.Chain.Hex.Format(revert.Data.Span) == BadProof || revert.Text == NoPreimage),
            _ => false,
        };
    }

    /// <summary>The hash or the refusal, for messages.</summary>
    public override string ToString() => Hash?.ToString() ?? $"{Refusal} {Trap}";

    /// <summary>The contract's outcome, for messages.</summary>
    public static string Describe(StepOutcome outcome) =>
        outcome.PostHash?.ToString() ?? $"reverts: {outcome.Revert}";
}
