using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Web.Http;

namespace FuncChat.Web.Files;

/// <summary>
/// Checks the files that the user's latest messages refer to, before the turn starts. Files of earlier messages may have expired: the conversation continues
/// without them.
/// </summary>
internal sealed class FileCheck(FileService files)
{
    /// <param name="messages">Valid messages.</param>
    /// <param name="threadId">The thread that the messages are added to: its files are deleted with it, and not before. Null if there is none.</param>
    /// <param name="pathOf">Returns the JSON path of a message, from its position; that in the field `messages` by default.</param>
    public async ValueTask<AppError?> FindErrorAsync(
        JsonElement messages, string user, ResolvedModel model, string? threadId, CancellationToken cancellationToken, Func<int, string>? pathOf = null)
    {
        var (first, count) = (0, 0);
        foreach (var message in messages.EnumerateArray())
        {
            count++;
            if (message.GetProperty("role"u8).ValueEquals("assistant"u8))
                first = count;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, message) in messages.EnumerateArray().Index().Skip(first))
        {
            if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array)
                continue;
            foreach (var (place, part) in content.EnumerateArray().Index())
            {
                if (FileReferences.IdOf(part) is not { } id || !ids.Add(id))
                    continue;
                var path = $"{pathOf?.Invoke(index) ?? $"$.messages[{index}]"}.content[{place}].file.file_id";
                if (await FindErrorAsync(new FileKey(user, id), path, model, cancellationToken) is { } error)
                    return error;
            }
        }

        return threadId is null || ids.Count == 0 ? null : await files.AttachAsync(user, ids, threadId, cancellationToken);
    }

    private async Task<AppError?> FindErrorAsync(FileKey key, string path, ResolvedModel model, CancellationToken cancellationToken)
    {
        var file = await files.ReadAsync(key, cancellationToken);
        if (!file.Succeeded)
            return file.Error.Code == ErrorCode.NotFound ? JsonField.Error(path, file.Error.Message) : file.Error;
        return file.Value.IsImage && model.Capabilities.Images is false
            ? JsonField.Error(path, $"The model {model.Id} does not accept images. Choose another model, or send text.")
            : null;
    }
}
