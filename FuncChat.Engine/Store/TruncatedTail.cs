using FuncChat.Engine.Events;

namespace FuncChat.Engine.Store;

/// <summary>A crash in the middle of a write leaves part of an event at a file's end.</summary>
internal static class TruncatedTail
{
    private const int Chunk = 16 * 1024;

    /// <summary>The length of the file up to the end of its last whole event.</summary>
    public static long LengthWithout(FileStream file)
    {
        var end = file.Length;
        // A new file has no tail to look at, and thousands of turns may begin at a time.
        var buffer = end == 0 ? [] : new byte[Chunk];
        while (end > 0)
        {
            var start = Math.Max(0, end - Chunk);
            var read = buffer.AsSpan(0, (int)(end - start));
            file.Seek(start, SeekOrigin.Begin);
            file.ReadExactly(read);
            var last = read.LastIndexOf(EventFrames.End);
            if (last >= 0)
                return start + last + EventFrames.End.Length;
            if (start == 0)
                return 0;
            // One byte over, since the two that end an event may lie in two chunks.
            end = start + 1;
        }

        return 0;
    }
}
