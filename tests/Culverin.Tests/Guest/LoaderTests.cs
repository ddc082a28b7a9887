using System.Security.Cryptography;
using Culverin.Guest;
using Culverin.State;
using Culverin.Tests.Files;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Guest;

/// <summary>First states byte for byte, extra pages included.</summary>
public sealed class LoaderTests
{
    [Theory]
    [InlineData("hello", StateVersion.SingleThreaded2, "hello.st.step0.bin.gz")]
    [InlineData("quirks", StateVersion.SingleThreaded, "quirks.v0.step0.bin.gz")]
    public void TheFirstStateIsTheReferencesFile(string guest, StateVersion version, string sample)
    {
        using var folder = new TemporaryFolder();
        using MachineImage image = Load(guest, version);
        Assert.Equal(StateSamples.Raw(sample), StateSamples.Bytes(image, folder.File("a.bin")));
    }

    // SHA-256 of the file that the reference's load-elf writes, versions 2 and 0.
    [Theory]
    [InlineData("hello", 2, "c60ad6d4cb60e7cf2c87abb98e05d9c1dbc4565d7448355c603c62c5bb3a0b94")]
    [InlineData("hello", 0, "bbf44ba4e0177faf4a1f17b00e4e784dc844803026880cd83808ea42eee3f5c2")]
    [InlineData("hello.go121", 2, "dda992c518a4f944b691907da9f636451a3f29d304526f896c42d4a8a553ca99")]
    [InlineData("hello.go121", 0, "7f6748c0397df1c68564453d8c632e3e5b0330cae8c2bdfd5668b5bc475ca969")]
    [InlineData("preimage", 2, "9e0e98d5b78fa8500013c14f81db39a08a6f7f4f6414052b61c520934ea77169")]
    [InlineData("preimage", 0, "ccff373e96c88e1ef7a57c8b66e2ae82f4f270517397fcd45d59ce8a4f650463")]
    [InlineData("preimage.go121", 2, "3df65e1ffcb2d7d4e9b2eb900b2ff379881a4659526cdcd982d604b8dfee14d2")]
    [InlineData("preimage.go121", 0, "e3a0f15a9040606ecf273695bc3c1c2378dba67f39da3bf7566795772b5c3e28")]
    [InlineData("allinsn", 2, "a1fa9139c2b17c60deb8312ce653d4b12ad9b91d4cc53dd797887b26fd30ebdf")]
    [InlineData("allinsn", 0, "e5d43a16053ecd50554795cd58300f758616141927d4004cbe9587661ff11e82")]
    [InlineData("quirks", 2, "f9338d8b86a4a5da6a6e576dcb62aa5285aa047e074e6f2284dfbdcac06effba")]
    [InlineData("quirks", 0, "d29460a67df9468acf2ae0735d1cefd25dc4706f37408919c7ef6f40bc746709")]
    [InlineData("sieve", 2, "b7c65d752a4dc2ca34164b54608759a0ef6c0634683c43bc4e449e05f19e866e")]
    [InlineData("sieve", 0, "973a779221cc56b246194fb24cd1ebb62eac46fdd03066484385d7879926ccf9")]
    public void TheFirstStateHasTheReferencesChecksum(string guest, byte version, string sha256)
    {
        using var folder = new TemporaryFolder();
        using MachineImage image = Load(guest, (StateVersion)version);
        byte[] file = StateSamples.Bytes(image, folder.File("a.bin"));
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    [Fact]
    public void StrippedProgramsAreRefused()
    {
        byte[] file = RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", "quirks.elf.gz"));

        // e_shoff and e_shnum of a 32-bit header.
        file.AsSpan(32, 4).Clear();
        file.AsSpan(48, 2).Clear();
        ElfFile elf = ElfFile.Parse(file);
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidElf, () => Loader.Load32(elf, StateVersion.SingleThreaded).Dispose());
        Assert.Contains("symbol table", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quirks", StateVersion.MultiThreaded64V5, "a 32-bit program and state version 8 has 64-bit")]
    [InlineData("quirks64.64", StateVersion.SingleThreaded2, "a 64-bit program and state version 2 has 32")]
    public void ProgramsOfTheOtherWordSizeAreRefused(string guest, StateVersion version, string why)
    {
        ElfFile elf = ElfFile.Parse(
            RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", guest + ".elf.gz")));
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidElf, () => Loader.Load(elf, version).Dispose());
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interpreted.elf", 0, "it needs /lib/ld.so.1")]
    [InlineData("object.elf", 0, "an object file, not a program")]
    [InlineData("greedy.elf", 4, "a core dump")]
    [InlineData("greedy.elf", 1, "an object file, not a program")]
    [InlineData("greedy.elf", 7, "of ELF type 7")]
    public void WhatIsNoProgramIsRefused(string guest, byte type, string why)
    {
        byte[] file = RepositoryFiles.ReadGzip(OwnGuest.ElfPath(guest));
        if (type > 0)
        {
            // e_type.
            file[17] = type;
        }

        var elf = ElfFile.Parse(file);
        foreach (FeatureSet features in FeatureSet.All)
        {
            CulverinException error = OracleAssert.Fails(
                ErrorCode.InvalidElf, () => Loader.Load(elf, features.Version).Dispose());
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SharedLibrariesAreRefused()
    {
        byte[] file = RepositoryFiles.ReadGzip(OwnGuest.ElfPath("greedy.elf"));
        file[17] = 3;
        Loader.Load(ElfFile.Parse(file), StateVersion.SingleThreaded2).Dispose();

        // e_entry.
        file.AsSpan(24, 4).Clear();
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidElf,
            () => Loader.Load(ElfFile.Parse(file), StateVersion.SingleThreaded2).Dispose());
        Assert.Contains("a shared library", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThreadLocalVariablesAreNamed()
    {
        byte[] file = RepositoryFiles.ReadGzip(OwnGuest.ElfPath("greedy.elf"));

        // The first program header becomes a PT_TLS of no bytes in the file.
        int header = (file[30] << 8) | file[31];
        file.AsSpan(header, 4).Clear();
        file[header + 3] = (byte)ElfSegment.ThreadLocalType;
        file.AsSpan(header + 16, 4).Clear();
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidElf,
            () => Loader.Load(ElfFile.Parse(file), StateVersion.SingleThreaded2).Dispose());
        Assert.Contains(
            "segment 0 (PT_TLS) holds thread-local variables", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfSeveralSymbolsAtAnAddressTheSizedOneIsTold()
    {
        var symbols = new SymbolTable(
            [new("_ftext", 16, 0), new("__start", 16, 8), new("_begin", 16, 0), new("next", 24, 0)]);
        Assert.Equal("__start", symbols.NameAt(20));
        Assert.Equal("next", symbols.NameAt(24));
    }

    private static MachineImage<uint> Load(string guest, StateVersion version) => Loader.Load32(
        ElfFile.Parse(RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", guest + ".elf.gz"))), version);
}
