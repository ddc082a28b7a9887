using System.Numerics;
using System.Security.Cryptography;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Host.Blobs;

/// <summary>
/// A blob and its KZG commitment (EIP-4844), as the fault-proof program asks for them: the commitment by key
/// type 4, each field element by key type 5. That the two belong together is for others to check.
/// </summary>
public sealed class Blob
{
    /// <summary>Field elements of a blob.</summary>
    public const int ElementCount = 4096;

    /// <summary>Bytes of a blob.</summary>
    public const int SizeBytes = ElementCount * Bytes32.SizeBytes;

    /// <summary>Bytes of a commitment, and of a proof.</summary>
    public const int CommitmentBytes = 48;

    private const byte CommitmentVersion = 1;
    private const int DegreeBytes = 16;

    private readonly byte[] _content;
    private readonly byte[] _commitment;

    /// <summary>
    /// Takes both; throws <see cref="ChainException"/> when they cannot be what they are to be.
    /// </summary>
    public Blob(ReadOnlySpan<byte> content, ReadOnlySpan<byte> commitment)
    {
        if (content.Length != SizeBytes || commitment.Length != CommitmentBytes)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"A blob has {SizeBytes} bytes and its commitment {CommitmentBytes}, not {content.Length} "
                    + $"and {commitment.Length}.");
        }

        for (int place = 0; place < ElementCount; place++)
        {
            if (Number(content.Slice(place * Bytes32.SizeBytes, Bytes32.SizeBytes)) >= Modulus)
            {
                throw new ChainException(
                    ChainFailure.BadAnswer, $"Element {place} of a blob is no number of the field.");
            }
        }

        _content = content.ToArray();
        _commitment = commitment.ToArray();
    }

    /// <summary>The prime of the scalar field of BLS12-381 (EIP-4844, BLS_MODULUS).</summary>
    public static BigInteger Modulus { get; } = BigInteger.Parse(
        "52435875175126190479447740508185965837690552500527637822603658699938581184513",
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// The points at which the elements are the values of the blob's polynomial, in the blob's own order:
    /// the roots of unity of order 4,096, bit-reversed.
    /// </summary>
    public static IReadOnlyList<Bytes32> Points { get; } = MakePoints();

    /// <summary>The 131,072 bytes.</summary>
    public ReadOnlyMemory<byte> Content => _content;

    /// <summary>The commitment, 48 bytes.</summary>
    public ReadOnlyMemory<byte> Commitment => _commitment;

    /// <summary>The versioned hash: what a transaction names the blob by.</summary>
    public Bytes32 VersionedHash => VersionedHashOf(_commitment);

    /// <summary>The versioned hash of a commitment.</summary>
    public static Bytes32 VersionedHashOf(ReadOnlySpan<byte> commitment)
    {
        byte[] hash = SHA256.HashData(commitment);
        hash[0] = CommitmentVersion;
        return new Bytes32(hash);
    }

    /// <summary>One element, 32 bytes.</summary>
    public ReadOnlyMemory<byte> Element(int place) =>
        _content.AsMemory(place * Bytes32.SizeBytes, Bytes32.SizeBytes);

    /// <summary>
    /// The pre-image key of one element: Keccak-256 of commitment and point, byte 0 replaced.
    /// </summary>
    public Bytes32 KeyOf(int place)
    {
        Span<byte> named = stackalloc byte[CommitmentBytes + Bytes32.SizeBytes];
        _commitment.CopyTo(named);
        Points[place].CopyTo(named[CommitmentBytes..]);
        byte[] key = Bytes32.Keccak256(named).ToArray();
        key[0] = (byte)PreimageKeyType.Blob;
        return new Bytes32(key);
    }

    /// <summary>
    /// The point at which a proof for the whole blob shows its value (consensus-specs,
    /// deneb/polynomial-commitments.md, compute_challenge).
    /// </summary>
    internal BigInteger Challenge()
    {
        byte[] degree = new byte[DegreeBytes];
        degree[^2] = ElementCount >> 8;
        byte[] hash = SHA256.HashData([.. "FSBLOBVERIFY_V1_"u8, .. degree, .. _content, .. _commitment]);
        return Number(hash) % Modulus;
    }

    /// <summary>
    /// The value of the blob's polynomial at a point (deneb/polynomial-commitments.md,
    /// evaluate_polynomial_in_evaluation_form).
    /// </summary>
    internal BigInteger Evaluate(BigInteger point)
    {
        BigInteger[] roots = new BigInteger[ElementCount];
        BigInteger[] products = new BigInteger[ElementCount];
        BigInteger product = 1;
        for (int place = 0; place < ElementCount; place++)
        {
            roots[place] = Points[place].ToInteger();
            if (roots[place] == point)
            {
                return Number(Element(place).Span);
            }

            products[place] = product;
            product = product * Reduce(point - roots[place]) % Modulus;
        }

        // One division for all: each inverse is the whole product's, times all the other factors.
        BigInteger inverse = Inverse(product);
        BigInteger sum = 0;
        for (int place = ElementCount - 1; place >= 0; place--)
        {
            BigInteger difference = Reduce(point - roots[place]);
            BigInteger quotient = inverse * products[place] % Modulus;
            inverse = inverse * difference % Modulus;
            sum += Number(Element(place).Span) * roots[place] % Modulus * quotient % Modulus;
        }

        BigInteger factor = Reduce(BigInteger.ModPow(point, ElementCount, Modulus) - 1);
        return sum % Modulus * factor % Modulus * Inverse(ElementCount) % Modulus;
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) =>
        new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Reduce(BigInteger value) => value.Sign < 0 ? value + Modulus : value;

    private static BigInteger Inverse(BigInteger value) =>
        BigInteger.ModPow(value, Modulus - 2, Modulus);

    private static Bytes32[] MakePoints()
    {
        // 7 generates the field's multiplicative group (EIP-4844, PRIMITIVE_ROOT_OF_UNITY).
        BigInteger root = BigInteger.ModPow(7, (Modulus - 1) / ElementCount, Modulus);
        Bytes32[] points = new Bytes32[ElementCount];
        BigInteger power = 1;
        for (int exponent = 0; exponent < ElementCount; exponent++)
        {
            points[Reversed(exponent)] = Bytes32.FromInteger(power);
            power = power * root % Modulus;
        }

        return points;
    }

    private static int Reversed(int place)
    {
        int result = 0;
        for (int bit = 1; bit < ElementCount; bit *= 2)
        {
            result = (result * 2) + ((place & bit) != 0 ? 1 : 0);
        }

        return result;
    }
}
