namespace FuncChat.Azure;

/// <summary>The names that Azure Storage accepts.</summary>
internal static class StorageNames
{
    public const string Container = "[a-z0-9](-?[a-z0-9]){2,62}";
    public const string ContainerRule = "must be 3 to 63 of a-z, 0-9 and single hyphens";
    public const string Table = "[A-Za-z][A-Za-z0-9]{2,62}";
    public const string TableRule = "must be 3 to 63 of A-Z, a-z and 0-9, a letter first";
}
