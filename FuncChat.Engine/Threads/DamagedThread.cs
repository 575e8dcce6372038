using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>Finds in the bytes of a thread that can't be read what is needed to delete it.</summary>
public static partial class DamagedThread
{
    /// <summary>Parses a thread or, if it is damaged, what can still be read of it; null if not even its user can be read.</summary>
    /// <param name="userHash">The <see cref="UserHash"/> that it is stored under.</param>
    /// <param name="changedAt">When the bytes were last written.</param>
    public static ThreadDocument? ParseAny(string userHash, string threadId, ReadOnlySpan<byte> json, DateTimeOffset changedAt)
    {
        try
        {
            return ThreadDocument.Parse(userHash, threadId, json);
        }
        catch (TurnStoreException)
        {
            return ThreadKey.IsThreadId(threadId) && FindUser(userHash, json) is { } user ? Of(new ThreadKey(user, threadId), json, changedAt) : null;
        }
    }

    /// <summary>The thread with those of its turns and that link whose ids can still be read.</summary>
    /// <param name="changedAt">When the bytes were last written.</param>
    public static ThreadDocument Of(ThreadKey key, ReadOnlySpan<byte> json, DateTimeOffset changedAt)
    {
        var text = Encoding.UTF8.GetString(json);
        var share = ShareIds().Matches(text).LastOrDefault() is { } id ? new ThreadShare(id.Groups["id"].Value, changedAt, changedAt, "", []) : null;
        return new ThreadDocument
        {
            User = key.User,
            Id = key.ThreadId,
            CreatedAt = changedAt,
            UpdatedAt = changedAt,
            Version = ThreadDocument.FirstVersionAt(changedAt),
            Turns = [.. TurnIds().Matches(text).Select(match => match.Groups["id"].Value).Distinct(StringComparer.Ordinal).Select(turnId => new ThreadTurn(turnId, null, changedAt) { Status = ThreadTurnStatus.Failed })],
            Share = share,
            IsDamaged = true,
        };
    }

    // Null if it can't be read.
    private static string? FindUser(string userHash, ReadOnlySpan<byte> json)
    {
        foreach (Match match in Users().Matches(Encoding.UTF8.GetString(json)))
        {
            if (Unescape(match.Groups["user"].Value) is { } user && UserHash.Of(user) == userHash)
                return user;
        }

        return null;
    }

    private static string? Unescape(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EngineJson.Default.String);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("\"turn_id\"\\s*:\\s*\"(?<id>[-_0-9A-Za-z]{8,64})\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TurnIds();

    // Only the beginning of a value: texts may contain ids of other links.
    [GeneratedRegex("\"(?<id>share_[0-9a-f]{40})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ShareIds();

    [GeneratedRegex("\"user\"\\s*:\\s*(?<user>\"([^\"\\\\]|\\\\.)*\")", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Users();
}
