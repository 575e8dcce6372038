using System.Security.Cryptography;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>The folder of one thread: its document, and the contents of its turns. A version of the document is named by its ETag.</summary>
internal static class ThreadFolder
{
    private const int MaxDeletions = 5;

    public static string DocumentIn(string folder) => Path.Combine(folder, "thread.json");

    public static string TurnsIn(string folder) => Path.Combine(folder, "turns");

    public static string UserHashOf(string folder) => Path.GetFileName(Path.GetDirectoryName(folder)!);

    /// <returns>Null if there is no document.</returns>
    public static string? ETagIn(string folder) => PrivateFiles.TryRead(DocumentIn(folder)) is { } json ? ETagOf(json) : null;

    public static string ETagOf(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json))[..32];

    /// <returns>Null if there is no document.</returns>
    /// <exception cref="TurnStoreException">The document is damaged.</exception>
    public static StoredThread? Read(string folder) => PrivateFiles.TryRead(DocumentIn(folder)) is { } json
        ? new StoredThread(ThreadDocument.Parse(UserHashOf(folder), Path.GetFileName(folder), json), ETagOf(json))
        : null;

    /// <summary>Reads a document that may be damaged.</summary>
    /// <returns>Null if there is no document. The thread is null if it is damaged and its user can't be read.</returns>
    public static (ThreadDocument? Thread, string ETag, DateTimeOffset ChangedAt)? ReadAny(string folder)
    {
        var path = DocumentIn(folder);
        if (PrivateFiles.TryRead(path) is not { } json)
            return null;
        var changedAt = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        return (DamagedThread.ParseAny(UserHashOf(folder), Path.GetFileName(folder), json, changedAt), ETagOf(json), changedAt);
    }

    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        if (Directory.Exists(TurnsIn(folder)))
            Delete(TurnsIn(folder));
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => file != DocumentIn(folder)))
            File.Delete(file); // A crash left it of a document that was being written.

        // Last: from now on, a turn of another thread with this id may be written into the folder, and must stay.
        PrivateFiles.Delete(DocumentIn(folder));
        DeleteIfEmpty(folder);
    }

    /// <summary>Deletes the folder of a thread that is gone, with that of its user.</summary>
    public static void DeleteIfEmpty(string folder)
    {
        if (PrivateFiles.DeleteIfEmpty(TurnsIn(folder)) && PrivateFiles.DeleteIfEmpty(folder))
            PrivateFiles.DeleteIfEmpty(Path.GetDirectoryName(folder)!);
    }

    /// <summary>Removes a thread whose document a crash kept from being written after the content of the first turn.</summary>
    public static void RemoveLeftovers(string folder, DateTimeOffset unchangedSince)
    {
        if (!File.Exists(DocumentIn(folder)) && Directory.Exists(folder)
            && !Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(file => File.GetLastWriteTimeUtc(file) >= unchangedSince.UtcDateTime))
        {
            Remove(folder);
        }
    }

    // A turn may be written into it at this moment.
    private static void Delete(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (attempt < MaxDeletions && Directory.Exists(folder))
            {
                // Once more, with what was added.
            }
        }
    }
}
