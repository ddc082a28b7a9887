using System.Numerics;
using Culverin.Primitives;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// One of the two thread stacks: a commitment to a bottom part, and the known threads above it. A running
/// machine knows all threads; a verifier knows the top one and the root of the rest.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
/// <remarks>
/// Root: keccak256 of 64 zero bytes when empty; a push makes it keccak256(root, keccak256(thread record)).
/// </remarks>
internal sealed class ThreadStack<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private static readonly byte[] Empty = HashOf(new byte[Keccak256.PairSizeBytes]);

    private readonly List<ThreadState<TWord>> _known = [];
    private readonly byte[] _bottomRoot;

    /// <summary>Makes an empty stack.</summary>
    public ThreadStack()
        : this(Empty)
    {
    }

    /// <summary>Makes a stack of which only the root is known.</summary>
    /// <param name="bottomRoot">32 bytes.</param>
    public ThreadStack(ReadOnlySpan<byte> bottomRoot) => _bottomRoot = bottomRoot.ToArray();

    /// <summary>The root of an empty stack, 32 bytes.</summary>
    public static ReadOnlySpan<byte> EmptyRoot => Empty;

    /// <summary>The known threads from the bottom to the top.</summary>
    public IReadOnlyList<ThreadState<TWord>> Known => _known;

    /// <summary>Whether there is no thread in it.</summary>
    public bool IsEmpty => _known.Count == 0 && _bottomRoot.AsSpan().SequenceEqual(Empty);

    /// <summary>Whether exactly one thread is in it.</summary>
    public bool IsOnlyTop => _known.Count == 1 && _bottomRoot.AsSpan().SequenceEqual(Empty);

    /// <summary>The top thread; null when the stack is empty or its top is not known.</summary>
    public ThreadState<TWord>? Top => _known.Count == 0 ? null : _known[^1];

    /// <summary>Puts a thread on top.</summary>
    public void Push(ThreadState<TWord> thread) => _known.Add(thread);

    /// <summary>Takes the top thread, which must be known.</summary>
    public ThreadState<TWord> Pop()
    {
        ThreadState<TWord> top = _known[^1];
        _known.RemoveAt(_known.Count - 1);
        return top;
    }

    /// <summary>The root of all threads but so many on top.</summary>
    /// <param name="features">The version's rules.</param>
    /// <param name="without">How many known threads to leave out, from the top.</param>
    /// <returns>32 bytes.</returns>
    public byte[] Root(FeatureSet features, int without = 0)
    {
        byte[] root = (byte[])_bottomRoot.Clone();
        Span<byte> pair = stackalloc byte[Keccak256.PairSizeBytes];
        Span<byte> record = stackalloc byte[ThreadRecord.SizeBytes(features)];
        for (int index = 0; index < _known.Count - without; index++)
        {
            ThreadRecord.Write(_known[index], features, record);
            root.CopyTo(pair);
            Keccak256.Hash(record, pair[Keccak256.DigestSizeBytes..]);
            Keccak256.Hash(pair, root);
        }

        return root;
    }

    private static byte[] HashOf(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Keccak256.DigestSizeBytes];
        Keccak256.Hash(data, digest);
        return digest;
    }
}
