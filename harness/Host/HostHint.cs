using System;
using System.Linq;
using System.Text;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Host;

/// <summary>What the fault-proof program says it will ask for next.</summary>
internal enum HostHintKind
{
    /// <summary>An L1 block's header.</summary>
    L1Header,

    /// <summary>The transaction trie of an L1 block.</summary>
    L1Transactions,

    /// <summary>An L2 block's header.</summary>
    L2Header,

    /// <summary>The transaction trie of an L2 block.</summary>
    L2Transactions,

    /// <summary>The 128 bytes behind an output root.</summary>
    L2Output,

    /// <summary>The nodes from an L2 block's state root to an account.</summary>
    L2AccountProof,
}

/// <summary>
/// A hint of the fault-proof program: a kind, a blank, and in hexadecimal the hash of a block or an output
/// root, for an account proof followed by the account's address.
/// </summary>
internal sealed record HostHint(HostHintKind Kind, Bytes32 Hash, Address Account)
{
    private const int TextLengthMax = 200;

    private static readonly (string Name, HostHintKind Kind, int SizeBytes)[] Kinds =
    [
        ("l1-block-header", HostHintKind.L1Header, Bytes32.SizeBytes),
        ("l1-transactions", HostHintKind.L1Transactions, Bytes32.SizeBytes),
        ("l2-block-header", HostHintKind.L2Header, Bytes32.SizeBytes),
        ("l2-transactions", HostHintKind.L2Transactions, Bytes32.SizeBytes),
        ("l2-output", HostHintKind.L2Output, Bytes32.SizeBytes),
        ("l2-account-proof", HostHintKind.L2AccountProof, Bytes32.SizeBytes + Address.SizeBytes),
    ];

    /// <summary>Reads a hint; null when it is none of these, which a host may ignore.</summary>
    public static HostHint? TryParse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > TextLengthMax || !Ascii.IsValid(payload))
        {
            return null;
        }

        string[] words = Encoding.ASCII.GetString(payload).Split(' ');
        int index = Array.FindIndex(Kinds, each => each.Name == words[0]);
        if (index < 0
            || words.Length != 2
            || !Hex.TryParse(words[1], out byte[]? name)
            || name!.Length != Kinds[index].SizeBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = name.AsSpan(Bytes32.SizeBytes);
        Address account = rest.IsEmpty ? default : new Address(rest);
        return new HostHint(Kinds[index].Kind, new Bytes32(name.AsSpan(0, Bytes32.SizeBytes)), account);
    }

    /// <summary>The hint as the program wrote it.</summary>
    public override string ToString()
    {
        string name = Kinds.First(each => each.Kind == Kind).Name;
        string account = Kind == HostHintKind.L2AccountProof ? Account.ToString()[2..] : "";
        return $"{name} {Hash}{account}";
    }
}
