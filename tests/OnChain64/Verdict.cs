using System;
using Culverin.Execute;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Isa;
using Culverin.Prove;

namespace Culverin.OnChain64.Tests;

/// <summary>What an executor of ours says of a step: the hash after it, or why it refuses.</summary>
/// <param name="Hash">The hash; null when refused.</param>
/// <param name="Refusal">Why it refuses; null when it accepts.</param>
/// <param name="Trap">The panic, when that is the reason.</param>
internal sealed record Verdict(Bytes32? Hash, ErrorCode? Refusal, TrapReason Trap)
{
    private const string NoPreimage = "pre-image must exist";

    /// <summary>A step that leads to this hash.</summary>
    public static Verdict Accept(byte[] hash) => new(new Bytes32(hash), null, TrapReason.None);

    /// <summary>Runs an executor that returns a hash of 32 bytes or throws.</summary>
    public static Verdict Of(Func<byte[]> execute)
    {
        try
        {
            return Accept(execute());
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

        string text = revert.Text;
        return Trap switch
        {
            TrapReason.UnalignedProgramCounter => revert.Name == "InvalidPC",
            TrapReason.InvalidInstruction => text == "MIPS64: invalid instruction",
            TrapReason.DivisionByZero => text == "MIPS64: division by zero",
            TrapReason.BranchInDelaySlot =>
                text is "MIPS64: jump in delay slot" or "MIPS64: branch in delay slot",
            TrapReason.UnknownSyscall => text == "MIPS64: unimplemented syscall",
            TrapReason.NoActiveThread => text == "MIPS64: post-state active thread stack is empty",
            TrapReason.PreimageOffsetOutOfRange => text == NoPreimage,
            TrapReason.None => Refusal switch
            {
                ErrorCode.ProofRejected =>
                    revert.Name is "InvalidMemoryProof" or "InvalidSecondMemoryProof"
                    || text is NoPreimage
                        or "MIPS64: invalid thread witness"
                        or "MIPS64: active thread stack is empty",
                ErrorCode.InvalidProof => revert.Name == "InvalidExitedValue",
                _ => false,
            },
            _ => false,
        };
    }

    /// <summary>The hash or the refusal, for messages.</summary>
    public override string ToString() => Hash?.ToString() ?? $"{Refusal} {Trap}";

    /// <summary>The contract's outcome, for messages.</summary>
    public static string Describe(StepOutcome outcome) =>
        outcome.PostHash?.ToString() ?? $"reverts: {outcome.Revert}";
}
