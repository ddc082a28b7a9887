using System.Buffers.Binary;
using System.Text;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host;

/// <summary>What a program says it will ask for next.</summary>
internal enum HostHintKind
{
    /// <summary>An L1 block's header.</summary>
    L1Header,

    /// <summary>The transaction trie of an L1 block.</summary>
    L1Transactions,

    /// <summary>The receipt trie of an L1 block.</summary>
    L1Receipts,

    /// <summary>A blob of an L1 block.</summary>
    L1Blob,

    /// <summary>The answer of a precompiled contract of L1, without or with gas.</summary>
    L1Precompile,

    /// <summary>An L2 block's header.</summary>
    L2Header,

    /// <summary>The transaction trie of an L2 block.</summary>
    L2Transactions,

    /// <summary>The receipt trie of an L2 block.</summary>
    L2Receipts,

    /// <summary>A node of the L2's state or of a contract's storage.</summary>
    L2StateNode,

    /// <summary>A contract's code on the L2.</summary>
    L2Code,

    /// <summary>The 128 bytes behind an output root.</summary>
    L2Output,

    /// <summary>The nodes from an L2 block's state root to an account.</summary>
    L2AccountProof,
}

/// <summary>
/// A hint of the fault-proof program: a name, a blank, and bytes in hexadecimal. They begin with the hash of
/// a block, node, code, blob or output root; an account proof has the account's address behind it, a blob its
/// place (8 bytes, big-endian; may be left out) and its block's time in seconds (8 bytes). Of a precompiled
/// contract they are the question. Names are those of op-program and kona.
/// </summary>
internal sealed class HostHint
{
    /// <summary>
    /// Longest hint, in bytes: the longest question to a precompiled contract, 513,760 bytes of input
    /// (Isthmus, isthmus/exec-engine.md), in hexadecimal, and more than its name.
    /// </summary>
    internal const int TextLengthMax = 1 << 21;

    private const int HashBytes = Bytes32.SizeBytes;
    private const int AccountProofBytes = HashBytes + Address.SizeBytes;
    private const int QuestionBytesMax = TextLengthMax / 2;

    private static readonly (string Name, HostHintKind Kind, int SizeMin, int SizeMax)[] Kinds =
    [
        ("l1-block-header", HostHintKind.L1Header, HashBytes, HashBytes),
        ("l1-transactions", HostHintKind.L1Transactions, HashBytes, HashBytes),
        ("l1-receipts", HostHintKind.L1Receipts, HashBytes, HashBytes),
        ("l1-blob", HostHintKind.L1Blob, HashBytes + sizeof(ulong), HashBytes + (2 * sizeof(ulong))),
        ("l1-precompile", HostHintKind.L1Precompile, Address.SizeBytes, QuestionBytesMax),
        ("l1-precompile-v2", HostHintKind.L1Precompile, Address.SizeBytes + sizeof(ulong), QuestionBytesMax),
        ("l2-block-header", HostHintKind.L2Header, HashBytes, HashBytes),
        ("l2-transactions", HostHintKind.L2Transactions, HashBytes, HashBytes),
        ("l2-receipts", HostHintKind.L2Receipts, HashBytes, HashBytes),
        ("l2-state-node", HostHintKind.L2StateNode, HashBytes, HashBytes),
        ("l2-code", HostHintKind.L2Code, HashBytes, HashBytes),
        ("l2-output", HostHintKind.L2Output, HashBytes, HashBytes),
        ("l2-account-proof", HostHintKind.L2AccountProof, AccountProofBytes, AccountProofBytes),
    ];

    private readonly string _name;
    private readonly byte[] _data;

    private HostHint(string name, HostHintKind kind, byte[] data)
    {
        _name = name;
        Kind = kind;
        _data = data;
    }

    /// <summary>What it announces.</summary>
    internal HostHintKind Kind { get; }

    /// <summary>The hash of what it is about; not of a precompiled contract.</summary>
    internal Bytes32 Hash => new(_data.AsSpan(0, HashBytes));

    /// <summary>The account of an account proof.</summary>
    internal Address Account => new(_data.AsSpan(HashBytes));

    /// <summary>A blob's place among those of its block, if the program tells.</summary>
    internal ulong? BlobIndex => _data.Length == HashBytes + (2 * sizeof(ulong))
        ? BinaryPrimitives.ReadUInt64BigEndian(_data.AsSpan(HashBytes))
        : null;

    /// <summary>The time of a blob's block.</summary>
    internal ulong BlobTime =>
        BinaryPrimitives.ReadUInt64BigEndian(_data.AsSpan(_data.Length - sizeof(ulong)));

    /// <summary>The question to a precompiled contract: address, gas if it is named, and input.</summary>
    internal ReadOnlyMemory<byte> Question => _data;

    /// <summary>The hint as the program wrote it.</summary>
    internal byte[] Text => Encoding.ASCII.GetBytes($"{_name} {Hex.Format(_data)}");

    /// <summary>Makes a hint of a kind that names a hash alone.</summary>
    internal static HostHint Of(HostHintKind kind, Bytes32 hash) =>
        new(Kinds.First(each => each.Kind == kind).Name, kind, hash.ToArray());

    /// <summary>Reads a hint; null when it is none of these, which a host may ignore.</summary>
    internal static HostHint? TryParse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > TextLengthMax || !Ascii.IsValid(payload))
        {
            return null;
        }

        string[] words = Encoding.ASCII.GetString(payload).Split(' ');
        int index = Array.FindIndex(Kinds, each => each.Name == words[0]);
        return index >= 0
            && words.Length == 2
            && Hex.TryParse(words[1], out byte[]? data)
            && data!.Length >= Kinds[index].SizeMin
            && data.Length <= Kinds[index].SizeMax
                ? new HostHint(words[0], Kinds[index].Kind, data)
                : null;
    }

    /// <summary>The hint in few words.</summary>
    public override string ToString() => JsonText.Printable($"{_name} {Hex.Format(_data)}");
}
