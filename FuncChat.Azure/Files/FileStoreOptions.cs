using System.ComponentModel.DataAnnotations;

namespace FuncChat.Azure.Files;

/// <summary>Where Azure Storage keeps files: in the account of the turns (`FuncChat:TurnLog`). Bound from `FuncChat:Files`.</summary>
public sealed record FileStoreOptions
{
    public const string Section = "FuncChat:Files";

    /// <summary>The container of the files, created when it is first needed. Default `files`.</summary>
    [RegularExpression(StorageNames.Container, ErrorMessage = StorageNames.ContainerRule)]
    public string Container { get; set; } = "files";
}
