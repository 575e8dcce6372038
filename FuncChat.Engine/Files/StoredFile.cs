using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Engine.Files;

/// <summary>What is known of a file, without its content.</summary>
public sealed record StoredFile
{
    // What is added to a time must not exceed what a time can be.
    private const int LastYear = 9000;

    public required string User { get; init; }

    public required string Id { get; init; }

    /// <summary>The name that its user gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its content, whatever its name is.</summary>
    public required string MediaType { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The thread that it belongs to and is deleted with. A file of no thread expires.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThreadId { get; init; }

    /// <summary>Whether the store has the text of a document in addition to its content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasText { get; init; }

    /// <summary>What is missing from the text, or why there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TextNote { get; init; }

    [JsonExtensionData]
    public UnknownFields? Unknown { get; set; }

    [JsonIgnore]
    public FileKey Key => new(User, Id);

    [JsonIgnore]
    public bool IsImage => MediaType.StartsWith("image/", StringComparison.Ordinal);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, StoredFileJson.Default.StoredFile);

    /// <summary>Reads what is known of a file; null if it is damaged.</summary>
    /// <param name="folder">The <see cref="FileKey.Folder"/> that it is stored in.</param>
    public static StoredFile? TryParse(string folder, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StoredFileJson.Default.StoredFile) is { User: not null, Name: not null, MediaType: not null, Bytes: >= 0 and <= int.MaxValue } file
                && FileKey.IsFileId(file.Id) && file.Key.Folder() == folder && file.CreatedAt.Year < LastYear
                ? file
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredFile))]
internal sealed partial class StoredFileJson : JsonSerializerContext;
