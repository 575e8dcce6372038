using FuncChat.Engine.Store;

namespace FuncChat.Engine.Files;

/// <summary>Names a file. Ids belong to a user, so no user can reach another's file by guessing.</summary>
public readonly record struct FileKey(string User, string FileId)
{
    private const string Prefix = "file_";
    private const int Digits = 32;

    /// <summary>Whether an id is one of this server's: `file_` and 32 hexadecimal digits.</summary>
    public static bool IsFileId(string? id) =>
        id is not null && id.Length == Prefix.Length + Digits && id.StartsWith(Prefix, StringComparison.Ordinal) && id[Prefix.Length..].All(char.IsAsciiHexDigitLower);

    /// <summary>Returns a new id that is impossible to guess.</summary>
    public static string NewFileId() => $"{Prefix}{Guid.NewGuid():N}";

    /// <summary>The file's place in a store: `{user's hash}/{file id}`.</summary>
    public string Folder(char separator = '/') =>
        IsFileId(FileId) ? $"{UserHash.Of(User)}{separator}{FileId}" : throw new InvalidOperationException("The file id is not valid.");
}
