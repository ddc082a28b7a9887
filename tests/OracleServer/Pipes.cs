using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace OracleServer;

/// <summary>The four inherited descriptors, and exact reads and writes on them.</summary>
internal static class Pipes
{
    /// <summary>Hints arrive here.</summary>
    public static FileStream HintRequests { get; } = Open(3, FileAccess.Read);

    /// <summary>Hints are acknowledged here.</summary>
    public static FileStream HintAnswers { get; } = Open(4, FileAccess.Write);

    /// <summary>Keys arrive here.</summary>
    public static FileStream Keys { get; } = Open(5, FileAccess.Read);

    /// <summary>Values leave here.</summary>
    public static FileStream Answers { get; } = Open(6, FileAccess.Write);

    /// <summary>Fills the buffer; false at the end of the input.</summary>
    public static bool TryRead(Stream stream, byte[] buffer)
    {
        return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;
    }

    /// <summary>Sends a value with its length, in one write.</summary>
    public static void Answer(ReadOnlySpan<byte> value)
    {
        byte[] answer = new byte[8 + value.Length];
        BinaryPrimitives.WriteUInt64BigEndian(answer, (ulong)value.Length);
        value.CopyTo(answer.AsSpan(8));
        Answers.Write(answer);
    }

    private static FileStream Open(int descriptor, FileAccess access)
    {
        // No buffer: a byte that was asked for must not wait for more.
        return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);
    }
}
