using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using Culverin.Files;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli;

/// <summary>
/// `verify`: executes a proof's step as the contract does, from the proof alone. Without --type every version
/// whose witness has the size of the proof's state data is tried, and one that accepts is enough.
/// </summary>
internal sealed class VerifyCommand : Verb
{
    private readonly Option<string> _proof;
    private readonly Option<string> _type;

    public VerifyCommand()
        : this(
            Flag.RequiredText("--proof", "FILE", "proof written by run"),
            Flag.Text(
                "--type", "NAME", "state version: " + LoadElfCommand.TypeNames()
                    + "; if not given, all whose witness has the size of the state data"))
    {
    }

    private VerifyCommand(Option<string> proof, Option<string> type)
        : base("verify", "check a proof as the contract does, from the proof alone", proof, type)
    {
        _proof = proof;
        _type = type;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        StepProof proof = ProofFile.Read(flags.TextOf(_proof));
        string type = flags.TextOf(_type);
        List<Verdict> verdicts = Candidates(proof, type).Select(features => Judge(proof, features)).ToList();
        if (verdicts.Count == 0)
        {
            throw new CulverinException(
                ErrorCode.InvalidProof,
                $"No state version has a witness of {proof.StateData.Length} bytes, as the proof's is.");
        }

        if (flags.GetValue(JsonFlag))
        {
            WriteReport(proof, verdicts);
        }
        else
        {
            StandardOutput.WriteText(Describe(proof, verdicts));
        }

        return verdicts.Exists(verdict => verdict.IsValid) ? ExitCodes.Success : ExitCodes.ProofRejected;
    }

    private static IEnumerable<FeatureSet> Candidates(StepProof proof, string type) => type.Length > 0
        ? [FeatureSet.Of(type)]
        : FeatureSet.All.Where(features => proof.StateData.Length == Witness.SizeBytes(features));

    private static Verdict Judge(StepProof proof, FeatureSet features)
    {
        try
        {
            new StepVerifier(features.Version).Verify(proof);
            return new Verdict(features, null);
        }
        catch (CulverinException error) when (error.Code
            is ErrorCode.ProofRejected or ErrorCode.InvalidProof or ErrorCode.GuestPanic)
        {
            return new Verdict(features, error.Message);
        }
    }

    private static string Describe(StepProof proof, List<Verdict> verdicts)
    {
        var text = new StringBuilder();
        foreach (Verdict verdict in verdicts)
        {
            string result = verdict.IsValid ? "valid" : $"invalid: {verdict.Fault}";
            text.Append(
                CultureInfo.InvariantCulture, $"step {proof.Step} as {verdict.Features.Name}: {result}\n");
        }

        return text.ToString();
    }

    private static void WriteReport(StepProof proof, List<Verdict> verdicts) =>
        StandardOutput.WriteJson(
            json =>
            {
                Reports.WriteHead(json, "verify");
                json.WriteBoolean("valid", verdicts.Exists(verdict => verdict.IsValid));
                json.WriteNumber("step", proof.Step);
                json.WriteString("preHash", Reports.Hex(proof.PreHash));
                json.WriteString("postHash", Reports.Hex(proof.PostHash));
                json.WriteStartArray("versions");
                foreach (Verdict verdict in verdicts)
                {
                    json.WriteStartObject();
                    json.WriteNumber("stateVersion", (byte)verdict.Features.Version);
                    json.WriteString("type", verdict.Features.Name);
                    json.WriteBoolean("valid", verdict.IsValid);
                    json.WriteString("fault", verdict.Fault);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            },
            isIndented: true);

    private sealed record Verdict(FeatureSet Features, string? Fault)
    {
        public bool IsValid => Fault is null;
    }
}
