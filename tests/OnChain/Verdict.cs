using Culverin.Execute;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Isa;
using Culverin.Prove;

namespace Culverin.OnChain.Tests;

/// <summary>What an executor of ours says of a step: the hash after it, or why it refuses.</summary>
/// <param name="Hash">The hash; null when refused.</param>
/// <param name="Refusal">Why it refuses; null when it accepts.</param>
/// <param name="Trap">The panic, when that is the reason.</param>
internal sealed record Verdict(Bytes32? Hash, ErrorCode? Refusal, TrapReason Trap)
{
    /// <summary>What the contracts say of a part that their oracle does not hold.</summary>
    public const string NoPreimage = "pre-image must exist";

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
    public bool Agrees(DeployedContract contract, StepOutcome outcome) => Hash is { } hash
        ? outcome.PostHash == hash
        : outcome.Revert is { } revert && contract.RefusesAlike(this, revert);

    /// <summary>The hash or the refusal, for messages.</summary>
    public override string ToString() => Hash?.ToString() ?? $"{Refusal} {Trap}";

    /// <summary>The contract's outcome, for messages.</summary>
    public static string Describe(StepOutcome outcome) =>
        outcome.PostHash?.ToString() ?? $"reverts: {outcome.Revert}";
}
