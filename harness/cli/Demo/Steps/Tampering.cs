namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>What became of a proof with one wrong byte.</summary>
/// <param name="What">The step whose proof it was, and its instruction.</param>
/// <param name="Step">Its number.</param>
/// <param name="BytePosition">Which byte of the proof data was changed.</param>
/// <param name="ContractAnswer">The contract's decoded revert, or the hash it should not give.</param>
/// <param name="TwinAnswer">The message of the engine's verifier; empty when it accepted.</param>
/// <param name="IsRefused">Whether both refused.</param>
internal sealed record Tampering(
    string What, ulong Step, int BytePosition, string ContractAnswer, string TwinAnswer, bool IsRefused);
