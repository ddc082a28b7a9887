using Culverin.Files.Streams;
using Culverin.Primitives;
using Culverin.Prove;

namespace Culverin.Files;

/// <summary>
/// Proof files (VM-SPEC 13.1): what a run writes at the steps of --proof-at and op-challenger sends to the
/// contract. The bytes are the reference's; names that end with ".gz" are compressed.
/// </summary>
public static class ProofFile
{
    /// <summary>
    /// Longest pre-image that <see cref="Read(string)"/> accepts, in bytes with its length prefix.
    /// </summary>
    internal const int OracleValueMaxBytes = 64 << 20;

    /// <summary>More than any version's state witness or memory proofs take, in bytes.</summary>
    private const int DataMaxBytes = 1 << 16;

    private const int HashSizeBytes = Keccak256.DigestSizeBytes;

    private static readonly string[] RequiredFields = ["step", "pre", "post", "state-data", "proof-data"];
    private static readonly string[] OptionalFields = ["oracle-key", "oracle-value", "oracle-offset"];

    /// <summary>Reads a proof; it is only known to be well-formed, not to be right.</summary>
    /// <param name="path">The file; "-" is standard input.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidProof"/>, <see cref="ErrorCode.FileAccess"/>,
    /// <see cref="ErrorCode.InvalidArgument"/> for an empty name.
    /// </exception>
    public static StepProof Read(string path) =>
        InputFile.Read(path, "proof", ErrorCode.InvalidProof, Read);

    /// <summary>Reads a proof from the bytes of its file, compressed or not.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidProof"/>.</exception>
    public static StepProof Read(ReadOnlySpan<byte> content) =>
        InputFile.Read(content.ToArray(), "proof", ErrorCode.InvalidProof, Read);

    /// <summary>Writes a proof.</summary>
    /// <param name="path">The file, replaced whole or not at all; "" is none, "-" standard output.</param>
    /// <param name="proof">The proof.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static void Write(string path, StepProof proof) =>
        OutputFile.Write(path, output => Write(output, proof));

    /// <summary>Writes a proof's JSON to a stream, which stays open and should be buffered.</summary>
    public static void Write(Stream output, StepProof proof)
    {
        var json = new GoJsonWriter(output);
        json.BeginObject();
        json.Name("step"u8);
        json.Number(proof.Step);
        WriteHex(json, "pre"u8, proof.PreHash);
        WriteHex(json, "post"u8, proof.PostHash);
        WriteHex(json, "state-data"u8, proof.StateData);
        WriteHex(json, "proof-data"u8, proof.ProofData);
        if (proof.Oracle is { } oracle)
        {
            WriteHex(json, "oracle-key"u8, oracle.Key);
            WriteHex(json, "oracle-value"u8, oracle.Value);
            if (oracle.Offset != 0)
            {
                json.Name("oracle-offset"u8);
                json.Number(oracle.Offset);
            }
        }

        json.EndObject();
        json.EndFile();
    }

    private static void WriteHex(GoJsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        json.Name(name);
        json.Hex(bytes);
    }

    private static StepProof Read(Stream input)
    {
        using var tokens = new JsonTokens(input, (2 * OracleValueMaxBytes) + 2);
        ulong step = 0;
        byte[] pre = [];
        byte[] post = [];
        byte[] stateData = [];
        byte[] proofData = [];
        byte[]? oracleKey = null;
        byte[]? oracleValue = null;
        ulong? oracleOffset = null;
        tokens.Next();
        JsonFields.Read(tokens, "content", RequiredFields, OptionalFields, field =>
        {
            switch (field)
            {
                case "step":
                    step = tokens.Number(ulong.MaxValue, field);
                    break;
                case "pre":
                    pre = tokens.Hex(HashSizeBytes, HashSizeBytes, field);
                    break;
                case "post":
                    post = tokens.Hex(HashSizeBytes, HashSizeBytes, field);
                    break;
                case "state-data":
                    stateData = tokens.Hex(0, DataMaxBytes, field);
                    break;
                case "proof-data":
                    proofData = tokens.Hex(0, DataMaxBytes, field);
                    break;
                case "oracle-key":
                    oracleKey = tokens.Hex(HashSizeBytes, HashSizeBytes, field);
                    break;
                case "oracle-value":
                    oracleValue = tokens.Hex(sizeof(ulong), OracleValueMaxBytes, field);
                    break;
                default:
                    oracleOffset = tokens.Number(ulong.MaxValue, field);
                    break;
            }
        });
        tokens.RequireEnd();
        return new StepProof
        {
            Step = step,
            PreHash = pre,
            PostHash = post,
            StateData = stateData,
            ProofData = proofData,
            Oracle = Join(oracleKey, oracleValue, oracleOffset),
        };
    }

    private static OracleData? Join(byte[]? key, byte[]? value, ulong? offset) => (key, value, offset) switch
    {
        (null, null, null) => null,
        ({ }, { }, _) => new OracleData(key, value, offset ?? 0),
        _ => throw new MalformedException("it has only a part of the oracle fields"),
    };
}
