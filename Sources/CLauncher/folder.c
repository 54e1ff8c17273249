#include "CLauncher.h"

#include <linux/fs.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>

long kiln_folder_flags(int descriptor) {
    if (flistxattr(descriptor, NULL, 0) > 0) return -1;
    long flags = 0;
    return ioctl(descriptor, FS_IOC_GETFLAGS, &flags) == 0 ? flags : 0;
}
