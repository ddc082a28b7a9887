using System.CommandLine;
using System.Globalization;
using System.Text;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Files;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>
/// `verify`: executes a proof's step as the contract does, from the proof alone. Without --type every version
/// whose witness has the size of the proof's state data is tried, and one that accepts is enough.
/// </summary>
internal sealed class VerifyCommand : Verb
{
    private readonly Option<string> _proof;
    private readonly Option<string> _type;
    private readonly Option<string> _expectedPre;
    private readonly Option<string> _expectedPost;
    private readonly Option<string> _prestate;

    public VerifyCommand()
        : this(
            Flag.RequiredText("--proof", "FILE", "proof written by run"),
            Flag.Text(
                "--type", "NAME", "state version: " + LoadElfCommand.TypeNames()
                    + "; if not given, all whose witness has the size of the state data"),
            Flag.Text("--expect-pre", "HASH", "state hash that the step must start from"),
            Flag.Text("--expect-post", "HASH", "state hash that the step must lead to"),
            Flag.Text("--prestate", "FILE", "state that the step must start from; also tells the version"))
    {
    }

    private VerifyCommand(
        Option<string> proof,
        Option<string> type,
        Option<string> expectedPre,
        Option<string> expectedPost,
        Option<string> prestate)
        : base(
            "verify",
            "check a proof as the contract does, from the proof alone",
            proof,
            type,
            expectedPre,
            expectedPost,
            prestate)
    {
        _proof = proof;
        _type = type;
        _expectedPre = expectedPre;
        _expectedPost = expectedPost;
        _prestate = prestate;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        new FilePlan()
            .Reads(_proof.Name, flags.TextOf(_proof))
            .Reads(_prestate.Name, flags.TextOf(_prestate))
            .Check();
        FeatureSet? type = flags.TextOf(_type) is { Length: > 0 } name ? FeatureSet.Of(name) : null;
        StepProof proof = ProofFile.Read(flags.TextOf(_proof));
        List<Expectation> expectations = [];
        AddExpected(expectations, "pre hash", flags, _expectedPre, proof.PreHash);
        AddExpected(expectations, "post hash", flags, _expectedPost, proof.PostHash);
        if (flags.TextOf(_prestate) is { Length: > 0 } prestate)
        {
            type = AddPrestate(expectations, prestate, type, proof);
        }

        List<Verdict> verdicts = Candidates(proof, type).Select(features => Judge(proof, features)).ToList();
        if (verdicts.Count == 0)
        {
            throw new CulverinException(
                ErrorCode.InvalidProof,
                $"No state version has a witness of {proof.StateData.Length} bytes, as the proof's is.");
        }

        if (flags.GetValue(JsonFlag))
        {
            WriteReport(proof, verdicts, expectations);
        }
        else
        {
            StandardOutput.WriteText(Describe(proof, verdicts, expectations));
        }

        return verdicts.Exists(verdict => verdict.IsValid) && expectations.TrueForAll(each => each.IsMet)
            ? ExitCodes.Success
            : ExitCodes.ProofRejected;
    }

    private static void AddExpected(
        List<Expectation> expectations, string what, ParseResult flags, Option<string> flag, byte[] found)
    {
        if (flags.TextOf(flag).Length > 0)
        {
            expectations.Add(new Expectation(what, flags.HashOf(flag), found));
        }
    }

    // Verifying ties the pre hash to the proof's state data, so that equal hashes are equal states.
    private static FeatureSet AddPrestate(
        List<Expectation> expectations, string path, FeatureSet? type, StepProof proof)
    {
        using Machine machine = Machine.Create(StateFile.Read(path), new MachineOptions());
        FeatureSet found = machine.Features;
        if (type is not null && type != found)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"The state of --prestate is of version {found.Name}, not {type.Name}.");
        }

        expectations.Add(new Expectation("prestate", machine.StateHash(), proof.PreHash));
        return found;
    }

    private static IEnumerable<FeatureSet> Candidates(StepProof proof, FeatureSet? type) => type is not null
        ? [type]
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

    private static string Describe(
        StepProof proof, List<Verdict> verdicts, List<Expectation> expectations)
    {
        var text = new StringBuilder();
        foreach (Verdict verdict in verdicts)
        {
            string result = verdict.IsValid ? "valid" : $"invalid: {verdict.Fault}";
            text.Append(
                CultureInfo.InvariantCulture, $"step {proof.Step} as {verdict.Features.Name}: {result}\n");
        }

        foreach (Expectation expectation in expectations)
        {
            string result = expectation.IsMet
                ? "as expected"
                : $"not as expected: {Report.Hex(expectation.Expected)}, but the proof has "
                    + Report.Hex(expectation.Found);
            text.Append(CultureInfo.InvariantCulture, $"{expectation.What}: {result}\n");
        }

        return text.ToString();
    }

    private static void WriteReport(
        StepProof proof, List<Verdict> verdicts, List<Expectation> expectations) =>
        StandardOutput.WriteJson(
            new VerifyReport(
                verdicts.Exists(verdict => verdict.IsValid),
                proof.Step,
                Report.Hex(proof.PreHash),
                Report.Hex(proof.PostHash),
                expectations.TrueForAll(each => each.IsMet),
                expectations.Select(each => new ReportedExpectation(
                    each.What, Report.Hex(each.Expected), Report.Hex(each.Found), each.IsMet)),
                verdicts.Select(verdict => new ReportedVerdict(
                    (byte)verdict.Features.Version, verdict.Features.Name, verdict.IsValid, verdict.Fault))),
            isIndented: true);

    private sealed record Verdict(FeatureSet Features, string? Fault)
    {
        public bool IsValid => Fault is null;
    }

    private sealed record Expectation(string What, byte[] Expected, byte[] Found)
    {
        public bool IsMet => Expected.AsSpan().SequenceEqual(Found);
    }
}
