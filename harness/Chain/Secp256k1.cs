using System;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Culverin.Harness.Chain;

/// <summary>
/// The elliptic curve of Ethereum's signatures, by the system's libsecp256k1 (Debian: libsecp256k1-1) with
/// its recovery module. The library is loaded at first use; <see cref="ChainException"/> with <see
/// cref="ChainFailure.MissingLibrary"/> says when it is not there. May be used from several threads at
/// once.
/// </summary>
/// <remarks>
/// The library ends the process when an argument breaks its rules, so everything is checked before: sizes
/// here by the types and <see cref="Require"/>, the recovery id by <see cref="EcdsaSignature"/>.
/// </remarks>
internal static partial class Secp256k1
{
    internal const int PrivateKeyBytes = 32;

    private const string Library = "secp256k1";

    // Both purposes: versions before 0.2 keep them apart, later ones ignore the difference.
    private const uint SignAndVerify = 0x301;
    private const uint Uncompressed = 0x2;

    private const int SeedBytes = 32;
    private const int InternalPublicKeyBytes = 64;
    private const int InternalSignatureBytes = 65;
    private const int CompactSignatureBytes = 64;
    private const int UncompressedKeyBytes = 65;

    // File names by the library's binary interface; the functions used here are the same in all of them.
    private static readonly string[] FileNames = OperatingSystem.IsWindows()
        ? ["secp256k1.dll", "libsecp256k1.dll", "libsecp256k1-6.dll", "libsecp256k1-2.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libsecp256k1.dylib", "/opt/homebrew/lib/libsecp256k1.dylib"]
            : ["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.6", "libsecp256k1.so.5",
                "libsecp256k1.so.0", "libsecp256k1.so"];

    private static readonly Lazy<nint> Context = new(CreateContext);

    static Secp256k1()
    {
        NativeLibrary.SetDllImportResolver(typeof(Secp256k1).Assembly, Resolve);
    }

    /// <summary>The 64 bytes of the public key: both coordinates, big-endian.</summary>
    internal static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        Require(privateKey.Length == PrivateKeyBytes, "A private key has 32 bytes.");
        Span<byte> key = stackalloc byte[InternalPublicKeyBytes];
        int isValid = CreatePublicKey(Context.Value, key, privateKey);
        Require(isValid == 1, "The private key is zero or not below the order of the curve.");
        return Serialize(key);
    }

    /// <summary>Signs a hash by the deterministic nonce of RFC 6979; s is in the lower half.</summary>
    internal static EcdsaSignature Sign(Bytes32 hash, ReadOnlySpan<byte> privateKey)
    {
        Require(privateKey.Length == PrivateKeyBytes, "A private key has 32 bytes.");
        Span<byte> signature = stackalloc byte[InternalSignatureBytes];
        int isSigned = SignRecoverable(Context.Value, signature, hash.ToArray(), privateKey, 0, 0);
        Require(isSigned == 1, "The private key cannot sign.");
        Span<byte> compact = stackalloc byte[CompactSignatureBytes];
        _ = SerializeCompact(Context.Value, compact, out int recoveryId, signature);
        return new EcdsaSignature(
            new Bytes32(compact[..Bytes32.SizeBytes]),
            new Bytes32(compact[Bytes32.SizeBytes..]),
            recoveryId);
    }

    /// <summary>The 64 bytes of the public key that made a signature of this hash.</summary>
    internal static byte[] Recover(Bytes32 hash, EcdsaSignature signature)
    {
        Span<byte> compact = stackalloc byte[CompactSignatureBytes];
        signature.R.CopyTo(compact);
        signature.S.CopyTo(compact[Bytes32.SizeBytes..]);
        Span<byte> parsed = stackalloc byte[InternalSignatureBytes];
        Span<byte> key = stackalloc byte[InternalPublicKeyBytes];
        Require(
            ParseCompact(Context.Value, parsed, compact, signature.RecoveryId) == 1
                && RecoverKey(Context.Value, key, parsed, hash.ToArray()) == 1,
            "The signature belongs to no key.");
        return Serialize(key);
    }

    private static byte[] Serialize(ReadOnlySpan<byte> key)
    {
        Span<byte> output = stackalloc byte[UncompressedKeyBytes];
        nuint length = UncompressedKeyBytes;
        _ = SerializePublicKey(Context.Value, output, ref length, key, Uncompressed);

        // The first byte says that both coordinates follow.
        return output[1..].ToArray();
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ChainException(ChainFailure.Signature, message);
        }
    }

    private static nint CreateContext()
    {
        nint context = CreateContext(SignAndVerify);

        // Blinds the computation against whoever measures it.
        _ = Randomize(context, RandomNumberGenerator.GetBytes(SeedBytes));
        return context;
    }

    /// <summary>
    /// The first of these files that is there and can recover keys, which builds may leave out; 0 for none.
    /// </summary>
    internal static nint Load(string[] files, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (string file in files)
        {
            if (NativeLibrary.TryLoad(file, assembly, path, out nint handle))
            {
                if (NativeLibrary.TryGetExport(handle, "secp256k1_ecdsa_recover", out _))
                {
                    return handle;
                }

                NativeLibrary.Free(handle);
            }
        }

        return 0;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        nint handle = name == Library ? Load(FileNames, assembly, path) : 0;
        return name != Library || handle != 0
            ? handle
            : throw new ChainException(
                ChainFailure.MissingLibrary,
                "The library libsecp256k1 with its recovery module is missing; Debian's package is "
                    + "libsecp256k1-1.");
    }

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    private static partial nint CreateContext(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    private static partial int Randomize(nint context, ReadOnlySpan<byte> seed);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    private static partial int CreatePublicKey(
        nint context, Span<byte> publicKey, ReadOnlySpan<byte> privateKey);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    private static partial int SerializePublicKey(
        nint context, Span<byte> output, ref nuint outputLength, ReadOnlySpan<byte> publicKey, uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    private static partial int SignRecoverable(
        nint context,
        Span<byte> signature,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> privateKey,
        nint nonceFunction,
        nint nonceData);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    private static partial int SerializeCompact(
        nint context, Span<byte> output, out int recoveryId, ReadOnlySpan<byte> signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    private static partial int ParseCompact(
        nint context, Span<byte> signature, ReadOnlySpan<byte> input, int recoveryId);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recover")]
    private static partial int RecoverKey(
        nint context, Span<byte> publicKey, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> hash);
}
