using System.ComponentModel.DataAnnotations;

namespace FuncChat.Azure.Files;

/// <summary>Where Azure Storage keeps files: in the account of the turns (`FuncChat:TurnLog`). Bound from `FuncChat:Files`.</summary>
public sealed record FileStoreOptions
{
    public const string Section = "FuncChat:Files";

    /// <summary>The container of the files, created when it is first needed. Default `files`.</summary>
    [RegularExpression("[a-z0-9](-?[a-z0-9]){2,62}", ErrorMessage = "must be 3 to 63 of a-z, 0-9 and single hyphens")]
    public string Container { get; set; } = "files";
}
